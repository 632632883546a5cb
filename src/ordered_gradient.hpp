// The gradient as it is defined: zeros, then one bin after the other added where its position says.
// Right for any positions and any layout; see folded_gradient.hpp for what is faster where it can.
#pragma once

#include "gradient_part.hpp"

namespace spp {

void add_in_order(const GradientPart &part);

// Scratch that it needs.
std::int64_t ordered_scratch_bytes(const Pooling &pooling);

}  // namespace spp
