// Maps whose channels do not lie side by side: planes (NCHW), and any other strides.
//
// A group of planes, as many as a cache line has elements, is read band by band: the rows of a band
// become one line per plane, the maximum of each column.  The lines are then turned into pixels, and
// those are a small map like any other: the kernel of pixels finds the maxima along the lines.
#pragma once

#include "cells.hpp"
#include "turn.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Element (c, y, x) is at data + c * channel + y * row + x * column.
template <class T>
struct PlaneSource {
  const T *data;
  std::int64_t channel;
  std::int64_t row;
  std::int64_t column;
};

template <class T, class Policy, bool Canonical>
struct PlanePooler {
  using W = Walker<T, Policy>;
  using S = Simd<T>;
  using R = typename S::R;
  using Turn = Turner<T>;
  static constexpr int lanes = S::lanes;
  static constexpr std::int64_t group = Turn::group;

  // Elements of scratch that pool() needs at least.
  static constexpr std::int64_t most_width = 128;
  static constexpr std::int64_t least_scratch = (2 * group + 1) * most_width;

  static void pool(const Part &part, const PlaneSource<T> &planes, const Target<T> &target,
                   std::int64_t channels, T empty, T *scratch, std::int64_t scratch_count) {
    for (std::int64_t j = part.columns.first; j < part.columns.last;) {
      const Window window = window_from(part, j);
      j = window.results.last;
      for (std::int64_t c = 0; c < channels; c += group) {
        // The last group overlaps the one before it.
        const std::int64_t first = c + group <= channels || c == 0 ? c : channels - group;
        const Group some{
            {planes.data + first * planes.channel, planes.channel, planes.row, planes.column},
            {target.data + first, target.columns, target.stride},
            channels < group ? channels : group};
        pool_window(part, window, some, empty, scratch, scratch_count);
      }
    }
  }

 private:
  // Results side by side whose columns fit scratch.  One that is too wide alone is folded: as many
  // columns as fit are added to each other.
  struct Window {
    Span results;
    std::int64_t first_column;
    std::int64_t columns;  // of the map
    std::int64_t width;    // of its lines
    bool folded() const { return columns != width; }
    std::int64_t stride() const { return (width + group - 1) / group * group; }
  };

  struct Group {
    PlaneSource<T> planes;
    Target<T> target;
    std::int64_t count;  // of planes
  };

  static Window window_from(const Part &part, std::int64_t first) {
    Span columns{0, 0};
    std::int64_t j = first;
    for (; j < part.columns.last; ++j) {
      const Span x = part.column_spans[j];
      if (is_empty(x)) continue;
      Span joined = x;
      if (!is_empty(columns)) {
        if (columns.first < joined.first) joined.first = columns.first;
        if (columns.last > joined.last) joined.last = columns.last;
        if (joined.last - joined.first > most_width) break;
      }
      columns = joined;
      if (columns.last - columns.first > most_width) {
        ++j;
        break;
      }
    }
    const std::int64_t width = columns.last - columns.first;
    return {{first, j}, columns.first, width, width < most_width ? width : most_width};
  }

  static void pool_window(const Part &part, const Window &window, const Group &some, T empty,
                          T *scratch, std::int64_t scratch_count) {
    T *pixels = scratch;
    T *lines = pixels + window.stride() * group;
    T *spare = lines + window.stride() * group;
    (void)scratch_count;
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span y = part.row_spans[i];
      if (!is_empty(y) && window.width != 0) {
        read_band(window, y, some, lines, spare);
        if (some.count == group)
          Turn::turn(lines, window.stride(), window.width, pixels);
        else
          Turn::turn_some(lines, window.stride(), window.width, some.count, pixels);
      }
      pool_pixels(part, i, window, some, empty, pixels);
    }
  }

  // A band that was read is a map of one row.
  static void pool_pixels(const Part &part, std::int64_t i, const Window &window, const Group &some,
                          T empty, const T *pixels) {
    const Span row = is_empty(part.row_spans[i]) ? Span{0, 0} : Span{0, 1};
    const Span folded{0, window.width};
    const Target<T> target{some.target.at(i, window.results.first), some.target.columns,
                           some.target.stride};
    const Span *columns = window.folded() ? &folded : part.column_spans + window.results.first;
    const std::int64_t skipped = window.folded() ? 0 : window.first_column;
    CellPooler<T, Policy, Canonical>::pool(
        {&row, columns, {0, 1}, {0, window.results.last - window.results.first}},
        {pixels - skipped * group, 0, group}, target, some.count, empty, nullptr, 0);
  }

  // The maximum of each column of a band, for each plane.
  static void read_band(const Window &window, Span y, const Group &some, T *lines, T *spare) {
    const PlaneSource<T> &planes = some.planes;
    const T *data = planes.data + y.first * planes.row + window.first_column * planes.column;
    if (planes.column != 1) {
      gather_band(window, y.last - y.first, data, some, lines, spare);
      return;
    }
    for (std::int64_t k = 0; k < some.count; ++k, data += planes.channel, lines += window.stride())
      read_line(window, y.last - y.first, data, planes.row, lines);
  }

  static SPP_INLINE void read_line(const Window &window, std::int64_t height, const T *data,
                                   std::int64_t row, T *line) {
    if (window.width < lanes) {
      const int rest = static_cast<int>(window.width);
      R sum = Policy::identity();
      for (std::int64_t k = 0; k < height; ++k, data += row)
        sum = Policy::add(sum, load_partial<T>(data, rest));
      S::store(line, sum);
      return;
    }
    const Source<T> rows{data, 0, row};  // the rows stand in the place of pixels
    W::for_blocks(window.width, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
      R sums[block.value];
      W::clear(sums);
      for_folds(window, [&](std::int64_t first) SPP_INLINE_LAMBDA {
        W::walk(data + first + c, rows, 1, height, sums);
      });
      W::template store<false>(line + c, sums);
    });
  }

  // fold(first) for the runs of window.width columns that cover the window.
  template <class Fold>
  static SPP_INLINE void for_folds(const Window &window, Fold fold) {
    std::int64_t first = 0;
    for (; first + window.width <= window.columns; first += window.width) fold(first);
    if (first < window.columns) fold(window.columns - window.width);
  }

  // Columns that lie apart are copied together, row by row for all planes: where the channels of a
  // pixel are neighbours they share cache lines.
  static void gather_band(const Window &window, std::int64_t height, const T *data,
                          const Group &some, T *lines, T *spare) {
    const PlaneSource<T> &planes = some.planes;
    const R none = Policy::identity();
    for (std::int64_t at = 0; at < some.count * window.stride(); at += lanes)
      S::store(lines + at, none);
    for (std::int64_t at = 0; at < window.stride(); at += lanes) S::store(spare + at, none);
    for (std::int64_t k = 0; k < height; ++k, data += planes.row)
      for (std::int64_t c = 0; c < some.count; ++c)
        for_folds(window, [&](std::int64_t first) SPP_INLINE_LAMBDA {
          gather_line(data + c * planes.channel + first * planes.column, planes.column,
                      window.width, lines + c * window.stride(), spare);
        });
  }

  static SPP_INLINE void gather_line(const T *data, std::int64_t column, std::int64_t width,
                                     T *line, T *spare) {
    for (std::int64_t x = 0; x < width; ++x) spare[x] = data[x * column];
    for (std::int64_t x = 0; x < width; x += lanes)
      S::store(line + x, Policy::add(S::load(line + x), S::load(spare + x)));
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
