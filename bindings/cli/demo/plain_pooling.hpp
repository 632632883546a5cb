#pragma once

#include <vector>

#include "maps.hpp"

// Spatial pyramid max pooling in its plainest form, `rounded` bins, for maps without NaN and
// without empty bins.  Shares no code with the library.
std::vector<float> plain_pooling(const Window &window, const std::vector<spp_level> &levels);
