// Zeros for some channels of a map, whatever its strides.
#pragma once

#include "gradient_part.hpp"

namespace spp {

// The channels of the part, in all cells of the map.
void zero_fill(const GradientPart &part, std::int64_t element_size);

}  // namespace spp
