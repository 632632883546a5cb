// Whole rectangles in registers: for maps in a cache, for merges, and for few channels.
#pragma once

#include "job.hpp"
#include "walk.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Results to write: result (i, j) begins at data + (i * columns + j) * stride.
template <class T>
struct Target {
  T *data;
  std::int64_t columns;
  std::int64_t stride;

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

SPP_INLINE bool is_empty(Span span) { return span.first == span.last; }

template <class T, class Policy, bool Canonical>
struct CellPooler {
  using W = Walker<T, Policy>;
  using S = Simd<T>;
  using R = typename S::R;
  static constexpr int lanes = S::lanes;

  // `scratch` has room for `scratch_count` elements.
  static void pool(const Part &part, const Source<T> &source, const Target<T> &target,
                   std::int64_t channels, T empty, T *scratch, std::int64_t scratch_count) {
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span y = part.row_spans[i];
      const bool dense = source.pixel == channels;
      if (dense && 2 * channels <= lanes)
        pool_narrow(part, i, y, source, target, static_cast<int>(channels), empty);
      else if (dense && by_lines(part, y, channels, scratch_count))
        pool_lines(part, i, y, source, target, channels, empty, scratch);
      else
        pool_band(part, i, y, source, target, channels, empty);
    }
  }

 private:
  // Calls cell(x, result) for the cells of a band that have pixels, and fills the others.
  template <class Cell>
  static SPP_INLINE void for_cells(const Part &part, std::int64_t i, Span y,
                                   const Target<T> &target, std::int64_t channels, T empty,
                                   Cell cell) {
    for (std::int64_t j = part.columns.first; j < part.columns.last; ++j) {
      const Span x = part.column_spans[j];
      T *result = target.at(i, j);
      if (is_empty(x) || is_empty(y)) {
        for (std::int64_t c = 0; c < channels; ++c) result[c] = empty;
      } else {
        cell(x, result);
      }
    }
  }

  // One block of channels after the other, all cells of the band in each.
  static SPP_INLINE void pool_band(const Part &part, std::int64_t i, Span y,
                                   const Source<T> &source, const Target<T> &target,
                                   std::int64_t channels, T empty) {
    const T *row = source.at(y.first, 0);
    const std::int64_t height = y.last - y.first;
    if (channels < lanes) {
      const int rest = static_cast<int>(channels);
      for_cells(part, i, y, target, channels, empty, [&](Span x, T *result) SPP_INLINE_LAMBDA {
        R sum = Policy::identity();
        const T *line = row + x.first * source.pixel;
        for (std::int64_t k = 0; k < height; ++k, line += source.row)
          for (std::int64_t p = 0; p < x.last - x.first; ++p)
            sum = Policy::add(sum, load_partial<T>(line + p * source.pixel, rest));
        store_partial<T>(result, Canonical ? canonical<T>(sum) : sum, rest);
      });
      return;
    }
    for_cells(part, i, y, target, channels, empty, [&](Span x, T *result) SPP_INLINE_LAMBDA {
      W::for_blocks(channels, [&](auto vectors, std::int64_t c) SPP_INLINE_LAMBDA {
        R sums[decltype(vectors)::value];
        W::clear(sums);
        W::walk(row + x.first * source.pixel + c, source, height, x.last - x.first, sums);
        W::template store<Canonical>(result + c, sums);
      });
    });
  }

  // -------------------------------------------------- several pixels in a register: few channels

  // A register holds `group` pixels.  The groups of a row are added lane by lane, the last one
  // overlapping; then the pixels of the one register that is left are folded, half on half.
  static SPP_INLINE void pool_narrow(const Part &part, std::int64_t i, Span y,
                                     const Source<T> &source, const Target<T> &target, int channels,
                                     T empty) {
    const std::int64_t height = y.last - y.first;
    const int group = lanes / channels;
    for_cells(part, i, y, target, channels, empty, [&](Span x, T *result) SPP_INLINE_LAMBDA {
      const std::int64_t width = x.last - x.first;
      const int pixels = width < group ? static_cast<int>(width) : group;
      R sum = add_groups(source.at(y.first, x.first), source.row, height, width, pixels, channels);
      for (int left = pixels; left > 1;) {
        const int half = (left + 1) / 2;
        sum = Policy::add(sum, shift_down<T>(sum, (left - half) * channels));
        left = half;
      }
      store_partial<T>(result, Canonical ? canonical<T>(sum) : sum, channels);
    });
  }

  static SPP_INLINE R add_groups(const T *data, std::int64_t row, std::int64_t height,
                                 std::int64_t width, int pixels, int channels) {
    const std::int64_t step = std::int64_t{pixels} * channels;
    const std::int64_t last = (width - pixels) * channels;
    const int used = pixels * channels;
    R sums[2];
    W::clear(sums);
    for (; height > 1; height -= 2, data += 2 * row) {
      for (std::int64_t at = 0; at < last; at += step) {
        sums[0] = Policy::add(sums[0], load_first(data + at, used));
        sums[1] = Policy::add(sums[1], load_first(data + row + at, used));
      }
      sums[0] = Policy::add(sums[0], load_first(data + last, used));
      sums[1] = Policy::add(sums[1], load_first(data + row + last, used));
    }
    if (height != 0) {
      for (std::int64_t at = 0; at < last; at += step)
        sums[0] = Policy::add(sums[0], load_first(data + at, used));
      sums[1] = Policy::add(sums[1], load_first(data + last, used));
    }
    return Policy::add(sums[0], sums[1]);
  }

  static SPP_INLINE R load_first(const T *data, int count) {
    return count == lanes ? S::load(data) : load_partial<T>(data, count);
  }

  // ------------------------------------------------- channels that do not divide into registers

  // First the rows of a rectangle, as lines of width * channels elements without a tail per pixel,
  // then the pixels of the line that is left.  Pays where several rows share the second step.
  static bool by_lines(const Part &part, Span y, std::int64_t channels, std::int64_t room) {
    if (channels % lanes == 0 || channels > most_line_vectors * lanes) return false;
    if (y.last - y.first < least_rows) return false;
    for (std::int64_t j = part.columns.first; j < part.columns.last; ++j) {
      const Span x = part.column_spans[j];
      if ((x.last - x.first) * channels > room || x.last - x.first < least_columns) return false;
    }
    return true;
  }

  static constexpr std::int64_t most_line_vectors = 16;
  static constexpr std::int64_t least_rows = 3;
  static constexpr std::int64_t least_columns = 3;

  static SPP_INLINE void pool_lines(const Part &part, std::int64_t i, Span y,
                                    const Source<T> &source, const Target<T> &target,
                                    std::int64_t channels, T empty, T *line) {
    const std::int64_t height = y.last - y.first;
    for_cells(part, i, y, target, channels, empty, [&](Span x, T *result) SPP_INLINE_LAMBDA {
      const T *data = source.at(y.first, x.first);
      const std::int64_t width = x.last - x.first;
      // The rows stand in the place of pixels: one column of `height` long ones.
      const Source<T> rows{data, 0, source.row};
      W::for_blocks(width * channels, [&](auto vectors, std::int64_t c) SPP_INLINE_LAMBDA {
        R sums[decltype(vectors)::value];
        W::clear(sums);
        W::walk(data + c, rows, 1, height, sums);
        W::template store<false>(line + c, sums);
      });
      pool_line(line, width, channels, result);
    });
  }

  static SPP_INLINE void pool_line(const T *line, std::int64_t width, std::int64_t channels,
                                   T *result) {
    const Source<T> pixels{line, 0, channels};
    if (channels < lanes) {
      const int rest = static_cast<int>(channels);
      R sum = Policy::identity();
      for (std::int64_t p = 0; p < width; ++p)
        sum = Policy::add(sum, load_partial<T>(line + p * channels, rest));
      store_partial<T>(result, Canonical ? canonical<T>(sum) : sum, rest);
      return;
    }
    W::for_blocks(channels, [&](auto vectors, std::int64_t c) SPP_INLINE_LAMBDA {
      R sums[decltype(vectors)::value];
      W::clear(sums);
      W::walk(line + c, pixels, 1, width, sums);
      W::template store<Canonical>(result + c, sums);
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
