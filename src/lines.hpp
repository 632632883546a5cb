// Pixels that do not divide into registers: first the rows of a band, as one line of all its
// columns without a tail per pixel, then the pixels of each column in that line.
#pragma once

#include "job.hpp"
#include "target.hpp"
#include "walk.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class T, class Policy>
struct LinePooler {
  using W = Walker<T, Policy>;
  using S = Simd<T>;
  using R = typename S::R;
  using Accumulator = typename Policy::Accumulator;
  static constexpr int lanes = S::lanes;

  // Are there enough pixels per result for two steps to pay?  They do too where pixels divide but do
  // not begin at whole lines of memory, since a row of them has only one beginning.
  static bool suits(const Part &part, const Source<T> &source, std::int64_t channels, int lead) {
    if (source.pixel != channels || channels > most_vectors * lanes) return false;
    if (channels % lanes == 0)
      return lead != 0 && mean_is(least_mean_misaligned, part.row_spans, part.rows);
    return mean_is(least_mean, part.column_spans, part.columns) &&
           (2 * channels <= lanes || mean_is(least_mean, part.row_spans, part.rows));
  }

  // False, and nothing is written, if `scratch` has no room for a line of all columns.
  static bool pool(const Part &part, const Source<T> &source, const Target<T> &target,
                   std::int64_t channels, T empty, T *scratch, std::int64_t scratch_count) {
    const std::int64_t x = part.column_spans[part.columns.first].first;
    const std::int64_t length = (part.column_spans[part.columns.last - 1].last - x) * channels;
    const std::int64_t stride = (length + 3 * lanes - 1) & -std::int64_t{lanes};
    // Loads of a line may go beyond its end.  Several bands before the second step of the first one:
    // else its loads wait for stores that are still in flight.
    const std::int64_t room = scratch_count / stride;
    if (room == 0) return false;
    for (std::int64_t first = part.rows.first; first < part.rows.last; first += room) {
      const std::int64_t last = first + room < part.rows.last ? first + room : part.rows.last;
      for (std::int64_t i = first; i < last; ++i)
        add_rows(part.row_spans[i], source.at(0, x), source.row, length,
                 scratch + (i - first) * stride);
      for (std::int64_t i = first; i < last; ++i)
        pool_line(part, i, x, scratch + (i - first) * stride, target, channels, empty);
    }
    return true;
  }

 private:
  static constexpr std::int64_t most_vectors = 16;
  static constexpr std::int64_t least_mean = 3;
  static constexpr std::int64_t least_mean_misaligned = 8;

  static bool mean_is(std::int64_t least, const Span *spans, Span range) {
    return spans[range.last - 1].last - spans[range.first].first >=
           least * (range.last - range.first);
  }

  // The rows stand in the place of pixels: one column of long ones.
  static SPP_INLINE void add_rows(Span y, const T *data, std::int64_t row, std::int64_t length,
                                  T *line) {
    data += y.first * row;
    const std::int64_t height = y.last - y.first;
    if (length < lanes) {
      Accumulator sum = Policy::identity();
      for (std::int64_t k = 0; k < height; ++k)
        sum = Policy::add(sum, load_partial<T>(data + k * row, static_cast<int>(length)));
      S::store(line, Policy::finish(sum, false));
      return;
    }
    const Source<T> rows{data, 0, row};
    W::for_blocks(length, W::lead_of({data, row, row}, length),
                  [&](auto block, std::int64_t c, std::int64_t shift) SPP_INLINE_LAMBDA {
                    Accumulator sums[block.value];
                    W::clear(sums);
                    W::template walk<block.value, block.way>(data + c, rows, 1, height, sums,
                                                             shift);
                    W::template finish<block.value, block.way>(line + c, false, sums, shift);
                  });
  }

  static SPP_INLINE void pool_line(const Part &part, std::int64_t i, std::int64_t x, const T *line,
                                   const Target<T> &target, std::int64_t channels, T empty) {
    for_cells(part, i, part.row_spans[i], target, channels, empty,
              [&](Span columns, T *result) SPP_INLINE_LAMBDA {
                const T *pixels = line + (columns.first - x) * channels;
                const std::int64_t width = columns.last - columns.first;
                if (2 * channels <= lanes)
                  fold_pixels(pixels, width, static_cast<int>(channels), result, target.is_output);
                else
                  add_pixels(pixels, width, channels, result, target.is_output);
              });
  }

  // A register holds `group` whole pixels: the groups of a column are added, the last one ending
  // with the column, and what is left is folded, half on half.  Lanes beyond hold anything.
  static SPP_INLINE void fold_pixels(const T *pixels, std::int64_t width, int channels, T *result,
                                     bool is_output) {
    const int group = lanes / channels;
    int left = group;
    Accumulator folded = Policy::start(S::load(pixels));
    if (width >= group) {
      folded = Policy::start(S::load(pixels + (width - group) * channels));
      for (std::int64_t p = 0; p + group < width; p += group)
        folded = Policy::add(folded, S::load(pixels + p * channels));
    } else {
      left = static_cast<int>(width);
    }
    R sum = Policy::finish(folded, false);
    while (left > 1) {
      const int half = (left + 1) / 2;
      sum = Policy::join(sum, shift_down<T>(sum, (left - half) * channels));
      left = half;
    }
    store_partial<T>(result, Policy::finish(sum, is_output), channels);
  }

  static SPP_INLINE void add_pixels(const T *pixels, std::int64_t width, std::int64_t channels,
                                    T *result, bool is_output) {
    const Source<T> source{pixels, 0, channels};
    if (channels < lanes) {
      Accumulator sums[1];
      W::clear(sums);
      W::walk(pixels, source, 1, width, sums);
      store_partial<T>(result, Policy::finish(sums[0], is_output), static_cast<int>(channels));
      return;
    }
    W::for_blocks(channels, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
      Accumulator sums[block.value];
      W::clear(sums);
      W::walk(pixels + c, source, 1, width, sums);
      W::finish(result + c, is_output, sums);
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
