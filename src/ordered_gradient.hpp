// The gradient as it is defined: zeros, then the bins of one row after the other added where their
// positions say.
// Right for any positions and any layout; see gradient_writer.hpp for what is faster where it can.
#pragma once

#include "gradient_part.hpp"

namespace spp {

void add_in_order(const GradientPart &part);

// Scratch that it needs.
std::int64_t ordered_scratch_bytes(const Pooling &pooling);
// The same for one of `pieces` where maps, of up to so many cells, have many rows.
std::int64_t ordered_scratch_bytes(const Pooling &pooling, std::int64_t most_cells,
                                   std::int64_t pieces);

}  // namespace spp
