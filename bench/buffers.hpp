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

// Memory as it comes, or in pages of 2 MiB if the system gives such; NumPy asks for these for arrays of
// 4 MiB and more.
enum class Pages { usual, large };

// Maps of random numbers: of `type`, if their words are read so.  The memory belongs to this module and
// stays valid until the next call for the same kind of pages.
Maps maps_of(const Shape &shape, std::int64_t bins,
             const ElementType &type = element_types().front(), Pages pages = Pages::usual);

// Memory for loops that only write: two arrays that start on a page, kept like those of maps_of().
float *written_memory(std::int64_t floats, bool second, Pages pages);

// Whether touched memory of the kind has been given in pages of 2 MiB.
bool is_in_large_pages(const float *memory);

}  // namespace spp_bench
