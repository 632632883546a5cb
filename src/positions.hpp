// The positions that a caller brings, checked before anything is written.
#pragma once

#include <spp.h>

#include "gradient_job.hpp"
#include "images.hpp"
#include "rows.hpp"

namespace spp {

// Is each position of rows [first, last) either -1 or in the valid part of its map?
bool positions_are_valid(const GradientKernels &kernels, const Images &images, const Rows &positions, bool wide, std::int64_t first,
                         std::int64_t last);

// The failure for the first one that is not.
spp_status refuse_positions(const Images &images, const Rows &positions, bool wide);

}  // namespace spp
