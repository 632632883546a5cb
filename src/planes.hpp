// Maps whose channels do not lie side by side: planes (NCHW), and any other strides.
//
// A group of planes, as many as a cache line has elements, is read band by band.  The rows of a band
// become one row of pixels (plane_bands.hpp), and those are a small map like any other; narrow ones
// become bins at once (plane_bins.hpp).
#pragma once

#include "cells.hpp"
#include "plane_bins.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class T, class Policy>
struct PlanePooler {
  using W = Walker<T, Policy>;
  using S = Simd<T>;
  using R = typename S::R;
  using Accumulator = typename Policy::Accumulator;
  using Tiles = TileReader<T, Policy>;
  using Reader = LineReader<T, Policy>;
  using Bins = BinReader<T, Policy>;
  static constexpr int lanes = S::lanes;
  static constexpr int group = group_of<T>;

  static constexpr std::int64_t most_width = 128;  // columns of a line in scratch
  static constexpr std::int64_t most_tiled = 32;   // columns that are read as tiles

  static void pool(const Part &part, const Planes<T> &planes, const Target<T> &target,
                   std::int64_t channels, T empty, T *scratch) {
    for (std::int64_t j = part.columns.first; j < part.columns.last;) {
      const Window window = window_from(part, j);
      j = window.results.last;
      if constexpr (Bins::exists) {
        if (channels >= group && planes.column == 1) {
          const auto plan =
              Bins::Plan::make(part, window.results, window.first_column, window.columns);
          if (plan.way != Bins::Way::none) {
            for_groups(planes, target, channels, [&](const auto &some, const auto &results) {
              for_bands(part, window, some, results, group, empty,
                        [&](const Band<T> &band, T *result) {
                          Bins::read(band, plan, results.is_output, result, results.stride);
                        });
            });
            continue;
          }
        }
      }
      for_groups(planes, target, channels, [&](const auto &some, const auto &results) {
        pool_window(part, window, some, results, channels < group ? channels : group, empty,
                    scratch);
      });
    }
  }

 private:
  // Results side by side whose columns fit scratch.  One that is too wide alone is folded: columns
  // that are `width` apart are joined.
  struct Window {
    Span results;
    std::int64_t first_column;
    std::int64_t columns;
    std::int64_t width;
    bool folded() const { return columns != width; }
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

  // pool_group(planes, results) for the groups of planes, the last of which overlaps the one before it.
  template <class Group>
  static SPP_INLINE void for_groups(const Planes<T> &planes, const Target<T> &target,
                                    std::int64_t channels, Group pool_group) {
    for (std::int64_t c = 0; c < channels; c += group) {
      const std::int64_t first = c + group <= channels || c == 0 ? c : channels - group;
      pool_group(Planes<T>{planes.data + first * planes.channel, planes.channel, planes.row,
                           planes.column},
                 Target<T>{target.data + first, target.columns, target.stride, target.is_output});
    }
  }

  // read(band, result) for the bands that have rows; the results of the others are filled.
  template <class Read>
  static SPP_INLINE void for_bands(const Part &part, const Window &window, const Planes<T> &planes,
                                   const Target<T> &target, std::int64_t count, T empty,
                                   Read read) {
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span y = part.row_spans[i];
      T *result = target.at(i, window.results.first);
      if (is_empty(y) || window.width == 0) {
        for (std::int64_t j = window.results.first; j < window.results.last; ++j)
          fill(result + (j - window.results.first) * target.stride, count, empty);
        continue;
      }
      const T *first = planes.data + y.first * planes.row + window.first_column * planes.column;
      read(Band<T>{first, planes.channel, planes.row, planes.column, y.last - y.first, count},
           result);
    }
  }

  static void pool_window(const Part &part, const Window &window, const Planes<T> &planes,
                          const Target<T> &target, std::int64_t count, T empty, T *scratch) {
    for_bands(part, window, planes, target, count, empty, [&](const Band<T> &band, T *result) {
      read_band(band, window, scratch);
      if (window.folded())
        pool_pixels(scratch, window.width, count, target.is_output, result);
      else
        pool_line(part, window, scratch, count, empty, target, result);
    });
  }

  static void read_band(const Band<T> &band, const Window &window, T *scratch) {
    if (window.width <= most_tiled && Tiles::can_read(band, window.width)) {
      Tiles::read(band, window.width, scratch);
      return;
    }
    const std::int64_t stride = (window.width + group - 1) / group * group;
    T *const lines = scratch + most_width * group;
    const typename Reader::Lines read{lines, stride, window.columns, window.width,
                                      lines + group * stride};
    Reader::read(band, read);
    if (band.planes == group)
      Reader::turn(read, scratch);
    else
      Reader::turn_some(read, band.planes, scratch);
  }

  static SPP_INLINE void fill(T *result, std::int64_t channels, T empty) {
    for (std::int64_t c = 0; c < channels; ++c) result[c] = empty;
  }

  // The maxima along a line of pixels.
  static SPP_INLINE void pool_line(const Part &part, const Window &window, const T *pixels,
                                   std::int64_t channels, T empty, const Target<T> &target,
                                   T *result) {
    for (std::int64_t j = window.results.first; j < window.results.last;
         ++j, result += target.stride) {
      const Span x = part.column_spans[j];
      if (is_empty(x))
        fill(result, channels, empty);
      else
        pool_pixels(pixels + (x.first - window.first_column) * group, x.last - x.first, channels,
                    target.is_output, result);
    }
  }

  static SPP_INLINE void pool_pixels(const T *pixels, std::int64_t count, std::int64_t channels,
                                     bool is_result, T *result) {
    constexpr int vectors = group / lanes;
    Accumulator sums[vectors];
    repeat<vectors>(
        [&](int k) SPP_INLINE_LAMBDA { sums[k] = Policy::start(S::load(pixels + k * lanes)); });
    pixels += group;
    for (--count; count >= 2; count -= 2, pixels += 2 * group)
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        sums[k] =
            Policy::add2(sums[k], S::load(pixels + k * lanes), S::load(pixels + group + k * lanes));
      });
    if (count != 0)
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        sums[k] = Policy::add(sums[k], S::load(pixels + k * lanes));
      });
    if (channels == group) {
      W::finish(result, is_result, sums);
      return;
    }
    T whole[group];
    W::finish(whole, is_result, sums);
    std::memcpy(result, whole, static_cast<std::size_t>(channels) * sizeof(T));
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
