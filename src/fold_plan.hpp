// How the levels of a pyramid lie in each other on a map of some size, for the fast way of a gradient.
#pragma once

#include "gradient_job.hpp"
#include "pooling.hpp"

namespace spp {

// False: the levels do not lie so, or are too many.
bool make_fold_plan(const Pooling &pooling, std::int64_t height, std::int64_t width,
                    FoldPlan &plan);

}  // namespace spp
