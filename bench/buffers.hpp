// The memory that a case reads and writes.
#pragma once

#include <cstdint>

#include "cases.hpp"

namespace spp_bench {

// Input and output of one case.  Both start on a page; the input goes on for one more vector, so
// that it can also be read from a place that is aligned to 16 bytes only.
struct Maps {
  Shape shape;
  std::int64_t row_size;  // floats of one output row
  const float *input;
  float *output;

  std::int64_t output_size() const { return shape.count * row_size; }
  double bytes() const { return 4.0 * static_cast<double>(shape.input_size() + output_size()); }
};

constexpr std::int64_t offset_floats = 4;  // 16 bytes

// Maps of random numbers: of `type`, if their words are read so.  The memory belongs to this module and stays valid until the next call.
Maps maps_of(const Shape &shape, std::int64_t bins,
             const ElementType &type = element_types().front());

// Memory for loops that only write: two arrays that start on a page, kept like those of maps_of().
float *written_memory(std::int64_t floats, bool second);

}  // namespace spp_bench
