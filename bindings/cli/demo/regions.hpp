#pragma once

#include <string>

#include "maps.hpp"

// Pools boxes of the photograph behind the map by roi_pool, in one call, and prints what became of
// each.  Whether every bit is that of torchvision's recorded answers.
bool regions_of_one_map(const std::string &folder, const RealMap &map);
