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
    const int lead = W::lead_of(source, channels);
    switch (lead == 0 ? channels : 0) {
      case lanes:
        return pool_blocks<1>(part, source, target, empty);
      case 2 * lanes:
        return pool_blocks<2>(part, source, target, empty);
      case 4 * lanes:
        return pool_blocks<4>(part, source, target, empty);
      case 8 * lanes:
        return pool_blocks<8>(part, source, target, empty);
      case 16 * lanes:
        if constexpr (sizeof(R) == 64)  // 32 registers: a whole pixel of 1 KiB
          return pool_blocks<16>(part, source, target, empty);
        break;
      default:
        break;
    }
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span y = part.row_spans[i];
      const bool dense = source.pixel == channels;
      if (dense && 2 * channels <= lanes)
        pool_narrow(part, i, y, source, target, static_cast<int>(channels), empty);
      else if (dense && by_lines(part, y, channels, scratch_count))
        pool_lines(part, i, y, source, target, channels, empty, scratch);
      else
        pool_band(part, i, y, source, target, channels, lead, empty);
    }
  }

 private:
  // Calls cell(x, result) for the cells of a band that have pixels, and fills the others.
  template <class Cell>
  static SPP_INLINE void for_cells(const Part &part, std::int64_t i, Span y,
                                   const Target<T> &target, std::int64_t channels, T empty,
                                   Cell cell) {
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

  static SPP_INLINE void pool_band(const Part &part, std::int64_t i, Span y,
                                   const Source<T> &source, const Target<T> &target,
                                   std::int64_t channels, int lead, T empty) {
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
      W::for_blocks(
          channels, lead, [&](auto block, std::int64_t c, std::int64_t shift) SPP_INLINE_LAMBDA {
            pool_cell<block.value, block.shifted>(row + x.first * source.pixel + c, source, height,
                                                  x.last - x.first, result + c, shift);
          });
    });
  }

  // A pixel that is just one block: nothing is decided per cell.
  template <int Vectors>
  static SPP_INLINE void pool_blocks(const Part &part, const Source<T> &source,
                                     const Target<T> &target, T empty) {
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span y = part.row_spans[i];
      const T *row = source.at(y.first, 0);
      for_cells(part, i, y, target, Vectors * lanes, empty,
                [&](Span x, T *result) SPP_INLINE_LAMBDA {
                  pool_cell<Vectors>(row + x.first * source.pixel, source, y.last - y.first,
                                     x.last - x.first, result);
                });
    }
  }

  template <int Vectors, bool Shifted = false>
  static SPP_INLINE void pool_cell(const T *data, const Source<T> &source, std::int64_t height,
                                   std::int64_t width, T *result, std::int64_t shift = 0) {
    R sums[Vectors];
    W::clear(sums);
    W::template walk<Vectors, Shifted>(data, source, height, width, sums, shift);
    W::template store<Canonical, Vectors, Shifted>(result, sums, shift);
  }

  // -------------------------------------------------- several pixels in a register: few channels

  // A register holds `group` whole pixels.  Each group of columns is added down its rows; the last
  // group is read so that it ends with the row and its pixels are then moved to the front.  So no
  // load is masked and none leaves the rectangle.  The one register that is left has its pixels
  // folded, half on half; what its last lanes hold beside whole pixels is never used.
  static SPP_INLINE void pool_narrow(const Part &part, std::int64_t i, Span y,
                                     const Source<T> &source, const Target<T> &target, int channels,
                                     T empty) {
    const std::int64_t height = y.last - y.first;
    const int group = lanes / channels;
    for_cells(part, i, y, target, channels, empty, [&](Span x, T *result) SPP_INLINE_LAMBDA {
      const T *data = source.at(y.first, x.first);
      const std::int64_t length = (x.last - x.first) * channels;
      R sum;
      int left = group;
      if (length >= lanes) {
        const Source<T> rows{data, 0, source.row};
        sum = shift_down<T>(add_rows(data + length - lanes, rows, height), lanes % channels);
        for (std::int64_t at = 0; at + lanes < length; at += group * channels)
          sum = Policy::add(sum, add_rows(data + at, rows, height));
      } else {
        left = static_cast<int>(x.last - x.first);
        sum = Policy::identity();
        for (std::int64_t k = 0; k < height; ++k)
          sum = Policy::add(sum, load_partial<T>(data + k * source.row, static_cast<int>(length)));
      }
      while (left > 1) {
        const int half = (left + 1) / 2;
        sum = Policy::add(sum, shift_down<T>(sum, (left - half) * channels));
        left = half;
      }
      store_partial<T>(result, Canonical ? canonical<T>(sum) : sum, channels);
    });
  }

  static SPP_INLINE R add_rows(const T *data, const Source<T> &rows, std::int64_t height) {
    R sums[1];
    W::clear(sums);
    W::walk(data, rows, 1, height, sums);
    return sums[0];
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
      W::for_blocks(width * channels, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
        R sums[block.value];
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
    W::for_blocks(channels, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
      R sums[block.value];
      W::clear(sums);
      W::walk(line + c, pixels, 1, width, sums);
      W::template store<Canonical>(result + c, sums);
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
