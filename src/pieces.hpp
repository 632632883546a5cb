// Running the pieces of a call: geometry, scratch and kernel for each.
#pragma once

#include <spp.h>

#include "images.hpp"
#include "parallel.hpp"
#include "pooling.hpp"
#include "rows.hpp"

namespace spp {

// The output rows, and beside them the positions of the maxima if they are wanted.
struct Output {
  Rows rows{};
  Rows positions{};
  std::int64_t position_size = 0;  // bytes; 0: not wanted
};

// Can a piece of such a pooling do with scratch on its stack?
bool fits_stack(const Pooling &pooling);

// Nothing is written unless all memory could be had.
spp_status run_pieces(const Pooling &pooling, const Images &images, const Output &output,
                      const Execution &execution, std::int32_t &tier, std::int64_t &tasks);

}  // namespace spp
