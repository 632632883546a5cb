// Many regions of one map at once, from a packed copy of the map and tables of its maxima.
#pragma once

#include <spp.h>

#include "images.hpp"
#include "parallel.hpp"
#include "pieces.hpp"
#include "pooling.hpp"

namespace spp {

// Pools the regions if it can and if that is cheaper than pooling each on its own: then `done`.
// Nothing is written unless all memory could be had.
spp_status pool_shared_regions(const Pooling &pooling, const Images &images, const Output &output,
                               const Execution &execution, bool &done, std::int32_t &tier,
                               std::int64_t &tasks);

}  // namespace spp
