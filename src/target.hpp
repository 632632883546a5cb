// What a pass makes: which rectangles, and where their maxima go.
#pragma once

#include "job.hpp"
#include "simd.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Results to write: result (i, j) begins at data + (i * columns + j) * stride.
template <class T>
struct Target {
  T *data;
  std::int64_t columns;
  std::int64_t stride;
  bool is_output;  // else scratch that later passes read

  SPP_INLINE T *at(std::int64_t i, std::int64_t j) const {
    return data + (i * columns + j) * stride;
  }
};

// Which rectangles: some rows and columns of a pass.
struct Part {
  const Span *row_spans;
  const Span *column_spans;
  Span rows;
  Span columns;
};

inline Span limited(Span span, std::int64_t count) {
  return {span.first, span.last < count ? span.last : count};
}

SPP_INLINE bool is_empty(Span span) { return span.first == span.last; }

// Calls cell(x, result) for the cells of a band that have pixels, and fills the others.
template <class T, class Cell>
SPP_INLINE void for_cells(const Part &part, std::int64_t i, Span y, const Target<T> &target,
                          std::int64_t channels, T empty, Cell cell) {
  T *result = target.at(i, part.columns.first);
  for (std::int64_t j = part.columns.first; j < part.columns.last; ++j, result += target.stride) {
    const Span x = part.column_spans[j];
    if (is_empty(x) || is_empty(y)) {
      for (std::int64_t c = 0; c < channels; ++c) result[c] = empty;
    } else {
      cell(x, result);
    }
  }
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
