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

  // Of rows that a call writes: the caller's pointer was not const.
  char *written() const { return const_cast<char *>(data); }
};

spp_status read_rows(const Pooling &pooling, const Images &images, const GivenRows &given,
                     Rows &rows);

// Positions; index_size is that of one, in bytes.
spp_status read_positions(const Pooling &pooling, const Images &images, const spp_argmax *given,
                          Rows &rows, std::int64_t &index_size);

// That no map overlaps the rows, from its first to its last element.  `maps` and `name` are what both
// are called in messages.
spp_status check_apart(const Images &images, const char *maps, const char *name, const Rows &rows);

}  // namespace spp
