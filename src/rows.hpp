// Rows that a caller brings, one per map: output, gradients, positions.
#pragma once

#include <spp.h>

#include <cstddef>
#include <cstdint>

#include "images.hpp"
#include "pooling.hpp"

namespace spp {

// What the caller says of them; `name` is the argument's in messages.
struct GivenRows {
  const char *name;
  const void *data;
  std::int64_t capacity;
  std::int64_t row_stride;
  std::size_t element_size;
};

// The same, checked.
struct Rows {
  const char *data;
  const char *last;         // one past the last byte
  std::int64_t length;      // elements of a row
  std::int64_t row_stride;  // elements
};

spp_status read_rows(const Pooling &pooling, const Images &images, const GivenRows &given,
                     Rows &rows);

}  // namespace spp
