// Where the bins of one level lie along one axis (docs/values.md, section 1).
#pragma once

#include <spp.h>

#include <cstdint>

namespace spp {

// The cells [first, last).
struct Span {
  std::int64_t first;
  std::int64_t last;
};

inline bool operator==(Span a, Span b) { return a.first == b.first && a.last == b.last; }

// The most cells of a window under SPP_BINS_ROI, and how far from its map it may begin.  Nobody's windows
// are larger; sums of these fit 64 bits and their sizes are exact enough in float32.
constexpr std::int64_t most_roi = std::int64_t{1} << 32;

// What bins divide along one axis: `size` cells from cell `first` on.  Of these the cells in `within`
// are there; only under SPP_BINS_ROI others are not.
struct Axis {
  std::int64_t first;
  std::int64_t size;
  Span within;
};

inline Axis whole_axis(std::int64_t length) { return {0, length, {0, length}}; }

inline bool operator==(const Axis &a, const Axis &b) {
  return a.first == b.first && a.size == b.size && a.within == b.within;
}

// Writes the `bins` spans of an axis under one of SPP_BINS_*.  Starts and ends never decrease.
// Returns how many of the spans are empty.
std::int32_t bin_spans(std::int32_t rule, const Axis &axis, std::int32_t bins, Span *spans);

// Span i of them.
Span bin_span(std::int32_t rule, const Axis &axis, std::int32_t bins, std::int32_t i);

// Is coarse[i] the union of the fine spans [sources[i].first, sources[i].last), for every i?
inline bool are_unions(const Span *coarse, const Span *sources, std::int32_t count,
                       const Span *fine) {
  for (std::int32_t i = 0; i < count; ++i) {
    const Span *span = fine + sources[i].first;
    const Span *const last = fine + sources[i].last - 1;
    if (span->first != coarse[i].first || last->last != coarse[i].last) return false;
    for (; span != last; ++span)
      if (span[1].first > span[0].last) return false;
  }
  return true;
}

// Is each of the `coarse` spans the union of consecutive `fine` spans?  If so, writes which ones
// to `sources`, as spans of indices into `fine`.  No fine span may be empty.
bool derive_spans(const Span *coarse, std::int32_t coarse_count, const Span *fine,
                  std::int32_t fine_count, Span *sources);

}  // namespace spp
