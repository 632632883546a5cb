// Maps whose channels do not lie side by side: planes (NCHW), and any other strides.
//
// A group of planes, as many as a cache line has elements, is read band by band: the rows of a band
// become one line per plane, the maximum of each column.  The lines are then turned into pixels, and
// those are a small map like any other: the kernel of pixels finds the maxima along the lines.
#pragma once

#include <type_traits>

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
  using Accumulator = R;
  using Turn = Turner<T>;
  static constexpr int lanes = S::lanes;
  static constexpr std::int64_t group = Turn::group;

  static constexpr std::int64_t most_width = 128;  // columns of a line in scratch

  static void pool(const Part &part, const PlaneSource<T> &planes, const Target<T> &target,
                   std::int64_t channels, T empty, T *scratch) {
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
        pool_window(part, window, some, empty, scratch);
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
                          T *scratch) {
    T *pixels = scratch;
    T *lines = pixels + window.stride() * group;
    T *spare = lines + window.stride() * group;
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span y = part.row_spans[i];
      if (is_empty(y) || window.width == 0 || some.count != group) {
        pool_some(part, i, window, some, empty, lines, spare, pixels);
        continue;
      }
      read_band(window, y, some, lines, spare);
      Turn::turn(lines, window.stride(), window.width, pixels);
      if (window.folded())
        pool_pixels(pixels, window.width, some.target.at(i, window.results.first));
      else
        pool_line(part, i, window, some.target, empty, pixels);
    }
  }

  // The maxima along a line of pixels.
  static SPP_INLINE void pool_line(const Part &part, std::int64_t i, const Window &window,
                                   const Target<T> &target, T empty, const T *pixels) {
    T *result = target.at(i, window.results.first);
    for (std::int64_t j = window.results.first; j < window.results.last; ++j) {
      const Span x = part.column_spans[j];
      if (is_empty(x))
        for (std::int64_t c = 0; c < group; ++c) result[c] = empty;
      else
        pool_pixels(pixels + (x.first - window.first_column) * group, x.last - x.first, result);
      result += target.stride;
    }
  }

  static SPP_INLINE void pool_pixels(const T *pixels, std::int64_t count, T *result) {
    constexpr int vectors = static_cast<int>(group) / lanes;
    Accumulator sums[vectors];
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { sums[k] = first(S::load(pixels + k * lanes)); });
    pixels += group;
    for (--count; count >= 2; count -= 2, pixels += 2 * group)
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        sums[k] = Policy::add2(sums[k], S::load(pixels + k * lanes),
                               S::load(pixels + group + k * lanes));
      });
    if (count != 0)
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        sums[k] = Policy::add(sums[k], S::load(pixels + k * lanes));
      });
    W::template store<Canonical>(result, sums);
  }

  // Fewer planes than a group has, or nothing to read: a band that was read is a map of one row.
  static void pool_some(const Part &part, std::int64_t i, const Window &window, const Group &some,
                        T empty, T *lines, T *spare, T *pixels) {
    const Span y = part.row_spans[i];
    const Span row = is_empty(y) ? Span{0, 0} : Span{0, 1};
    if (!is_empty(y) && window.width != 0) {
      read_band(window, y, some, lines, spare);
      Turn::turn_some(lines, window.stride(), window.width, some.count, pixels);
    }
    const Span folded{0, window.width};
    const Target<T> target{some.target.at(i, window.results.first), some.target.columns,
                           some.target.stride};
    const Span *columns = window.folded() ? &folded : part.column_spans + window.results.first;
    const std::int64_t skipped = window.folded() ? 0 : window.first_column;
    CellPooler<T, Policy, Canonical>::pool(
        {&row, columns, {0, 1}, {0, window.results.last - window.results.first}},
        {pixels - skipped * group, 0, group}, target, some.count, empty, nullptr, 0);
  }

  static SPP_INLINE Accumulator first(R x) {
    if constexpr (std::is_same_v<Accumulator, R>)
      return x;
    else
      return Policy::add(Policy::identity(), x);
  }

  // The maximum of each column of a band, for each plane.
  static void read_band(const Window &window, Span y, const Group &some, T *lines, T *spare) {
    const PlaneSource<T> &planes = some.planes;
    const T *data = planes.data + y.first * planes.row + window.first_column * planes.column;
    const std::int64_t height = y.last - y.first;
    if (planes.column != 1) {
      gather_band(window, height, data, some, lines, spare);
      return;
    }
    if (window.folded()) {
      for (std::int64_t k = 0; k < some.count;
           ++k, data += planes.channel, lines += window.stride())
        fold_line(window, height, data, planes.row, lines);
      return;
    }
    const Band band{data, planes.channel, planes.row, height, some.count, lines, window.stride()};
    std::int64_t at = 0;
    for (; at + 4 * lanes < window.width; at += 4 * lanes) read_columns<4>(band, at, 4 * lanes);
    const std::int64_t left = window.width - at;
    if (window.width < lanes)
      read_columns<0>(band, at, left);
    else if (left <= lanes)
      read_columns<1>(band, at, left);
    else if (left <= 2 * lanes)
      read_columns<2>(band, at, left);
    else if (left <= 3 * lanes)
      read_columns<3>(band, at, left);
    else
      read_columns<4>(band, at, left);
  }

  struct Band {
    const T *data;  // plane 0
    std::int64_t channel;
    std::int64_t row;
    std::int64_t height;
    std::int64_t count;
    T *lines;
    std::int64_t stride;
  };

  // `width` columns in `Vectors` registers, the last of which ends with them; 0: part of one.
  template <int Vectors>
  static SPP_INLINE void read_columns(const Band &band, std::int64_t at, std::int64_t width) {
    switch (band.height % 4) {
      case 1:
        return read_planes<1, Vectors>(band, at, width);
      case 2:
        return read_planes<2, Vectors>(band, at, width);
      case 3:
        return read_planes<3, Vectors>(band, at, width);
      default:
        return read_planes<4, Vectors>(band, at, width);
    }
  }

  template <int First, int Vectors>
  static void read_planes(const Band &band, std::int64_t at, std::int64_t width) {
    constexpr int vectors = Vectors == 0 ? 1 : Vectors;
    constexpr bool masked = Vectors == 0 || sizeof(R) == 64;
    const std::int64_t last = masked ? (vectors - 1) * lanes : width - lanes;
    const int rest = static_cast<int>(width - (vectors - 1) * lanes);
    const bool whole = rest == lanes;
    const auto load = [&](const T *data, int k) SPP_INLINE_LAMBDA {
      if (k < vectors - 1) return S::load(data + k * lanes);
      if constexpr (masked)
        return load_partial<T>(data + last, rest);
      else
        return S::load(data + last);
    };
    const T *plane = band.data + at;
    T *line = band.lines + at;
    const std::int64_t row = band.row;
    for (std::int64_t c = band.count; c > 0; --c, plane += band.channel, line += band.stride) {
      const T *data = plane;
      Accumulator sums[vectors];
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        sums[k] = first(load(data, k));
        if constexpr (First == 2) sums[k] = Policy::add(sums[k], load(data + row, k));
        if constexpr (First > 2)
          sums[k] = Policy::add2(sums[k], load(data + row, k), load(data + 2 * row, k));
        if constexpr (First == 4) sums[k] = Policy::add(sums[k], load(data + 3 * row, k));
      });
      data += First * row;
      for (std::int64_t left = band.height - First; left > 0; left -= 4, data += 4 * row)
        repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
          sums[k] = Policy::add4(sums[k], load(data, k), load(data + row, k),
                                 load(data + 2 * row, k), load(data + 3 * row, k));
        });
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        if (k < vectors - 1 || masked || whole)
          S::store(line + k * lanes, sums[k]);
        else
          S::store(line + k * lanes, shift_down<T>(sums[k], lanes - rest));
      });
    }
  }

  static SPP_INLINE void fold_line(const Window &window, std::int64_t height, const T *data,
                                   std::int64_t row, T *line) {
    const Source<T> rows{data, 0, row};  // the rows stand in the place of pixels
    W::for_blocks(window.width, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
      Accumulator sums[block.value];
      W::clear(sums);
      for_folds(window, [&](std::int64_t at)
                            SPP_INLINE_LAMBDA { W::walk(data + at + c, rows, 1, height, sums); });
      W::template store<false>(line + c, sums);
    });
  }

  // fold(at) for the runs of window.width columns that cover the window.
  template <class Fold>
  static SPP_INLINE void for_folds(const Window &window, Fold fold) {
    std::int64_t at = 0;
    for (; at + window.width <= window.columns; at += window.width) fold(at);
    if (at < window.columns) fold(window.columns - window.width);
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
        for_folds(window, [&](std::int64_t at) SPP_INLINE_LAMBDA {
          gather_line(data + c * planes.channel + at * planes.column, planes.column,
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
