// Rows in the order of addresses: for maps outside the caches, where nothing else comes near the
// speed of memory.
#pragma once

#include "cells.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Accumulators for one row of results, in aligned scratch.  They never are the output itself: an
// output that is only 16-byte aligned would make each of their loads and stores cross lines.
template <class T>
struct Accumulators {
  T *data;
  std::int64_t count;  // elements of one register's

  // Room for each of `results` results, in whole lines.
  std::int64_t room(std::int64_t results) const { return count / results / line * line; }
  static std::int64_t stride(std::int64_t channels) { return (channels + line - 1) / line * line; }

  static constexpr std::int64_t line = 64 / sizeof(T);
};

template <class T, class Policy>
struct Streamer {
  using W = Walker<T, Policy>;
  using S = Simd<T>;
  using Accumulator = typename Policy::Accumulator;
  static constexpr int lanes = S::lanes;

  // Rows read side by side: with four, each accumulator is loaded and stored once for four pixels,
  // and four streams in the order of addresses are still what prefetchers follow.
  static constexpr int most_rows = 4;

  static void pool(const Part &part, const Source<T> &source, const Target<T> &target,
                   std::int64_t channels, T empty, const Accumulators<T> &accumulators) {
    const std::int64_t most = accumulators.room(part.columns.last - part.columns.first);
    for (std::int64_t c = 0; c < channels; c += most) {
      const std::int64_t block = channels - c < most ? channels - c : most;
      const Source<T> pixels{source.data + c, source.row, source.pixel};
      const Target<T> results{target.data + c, target.columns, target.stride, target.is_output};
      for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
        read_band(part, part.row_spans[i], pixels, block, accumulators.data);
        finish_band(part, i, results, block, empty, accumulators.data);
      }
    }
  }

 private:
  static void read_band(const Part &part, Span y, const Source<T> &pixels, std::int64_t channels,
                        T *accumulators) {
    const std::int64_t stride = Accumulators<T>::stride(channels);
    for (std::int64_t row = y.first; row < y.last;) {
      const std::int64_t rows = side_by_side(y.last - row);
      T *sums = accumulators;
      for (std::int64_t j = part.columns.first; j < part.columns.last; ++j, sums += stride) {
        const Span x = part.column_spans[j];
        if (!is_empty(x))
          read_rows(rows, pixels.at(row, x.first), pixels, x.last - x.first, channels,
                    row == y.first, sums);
      }
      row += rows;
    }
  }

  // Four rows, but five are three and two: a single row costs as many accumulator loads as four.
  static std::int64_t side_by_side(std::int64_t left) {
    if (left == most_rows + 1) return most_rows - 1;
    return left < most_rows ? left : most_rows;
  }

  static void read_rows(std::int64_t rows, const T *data, const Source<T> &pixels,
                        std::int64_t width, std::int64_t channels, bool first, T *sums) {
    if (channels <= W::most_vectors * lanes && channels >= lanes) {
      read_in_registers(rows, data, pixels, width, channels, first, sums);
      return;
    }
    switch (rows) {
      case 1:
        read_pixels<1>(data, pixels, width, channels, first, sums);
        break;
      case 2:
        read_pixels<2>(data, pixels, width, channels, first, sums);
        break;
      case 3:
        read_pixels<3>(data, pixels, width, channels, first, sums);
        break;
      default:
        read_pixels<most_rows>(data, pixels, width, channels, first, sums);
    }
  }

  // A pixel fits the registers: accumulators are loaded and stored once per row and segment.
  static void read_in_registers(std::int64_t rows, const T *data, const Source<T> &pixels,
                                std::int64_t width, std::int64_t channels, bool first, T *sums) {
    W::for_blocks(channels, W::lead_of(pixels, channels),
                  [&](auto block, std::int64_t c, std::int64_t shift) SPP_INLINE_LAMBDA {
                    constexpr int count = block.value;
                    constexpr Fit way = block.way;
                    Accumulator values[count];
                    if (first)
                      W::clear(values);
                    else
                      W::template load<count, way>(sums + c, values, shift);
                    W::template walk<count, way>(data + c, pixels, rows, width, values, shift);
                    W::template store<count, way>(sums + c, values, shift);
                  });
  }

  // Pixel after pixel, all channels of Rows rows, accumulators in the first-level cache.
  template <int Rows>
  static void read_pixels(const T *data, const Source<T> &pixels, std::int64_t width,
                          std::int64_t channels, bool first, T *sums) {
    if (first) {
      read_pixel<Rows, true>(data, pixels.row, channels, sums);
      data += pixels.pixel;
      --width;
    }
    for (; width > 0; --width, data += pixels.pixel)
      read_pixel<Rows, false>(data, pixels.row, channels, sums);
  }

  template <int Rows, bool First>
  static SPP_INLINE void read_pixel(const T *data, std::int64_t row, std::int64_t channels,
                                    T *sums) {
    std::int64_t c = 0;
    for (; c + 2 * lanes <= channels; c += 2 * lanes) {
      read_vector<Rows, First>(data + c, row, sums + c);
      read_vector<Rows, First>(data + c + lanes, row, sums + c + lanes);
    }
    for (; c + lanes <= channels; c += lanes) read_vector<Rows, First>(data + c, row, sums + c);
    if (c < channels) {
      // Masked, not overlapping: a load that overlaps two stores in flight waits for both.  The
      // accumulators, which have room for a whole line, need no mask.
      const int rest = static_cast<int>(channels - c);
      Accumulator value = First ? Policy::identity() : Policy::load(sums + c);
      repeat<Rows>([&](int k) SPP_INLINE_LAMBDA {
        value = Policy::add(value, load_partial<T>(data + k * row + c, rest));
      });
      Policy::store(sums + c, value);
    }
  }

  template <int Rows, bool First>
  static SPP_INLINE void read_vector(const T *data, std::int64_t row, T *sum) {
    Accumulator value = First ? Policy::identity() : Policy::load(sum);
    repeat<Rows / 2>([&](int k) SPP_INLINE_LAMBDA {
      value = Policy::add2(value, S::load(data + 2 * k * row), S::load(data + (2 * k + 1) * row));
    });
    if constexpr (Rows % 2 != 0) value = Policy::add(value, S::load(data + (Rows - 1) * row));
    Policy::store(sum, value);
  }

  // The accumulators of a band are a map of one row.
  static void finish_band(const Part &part, std::int64_t i, const Target<T> &results,
                          std::int64_t channels, T empty, const T *sums) {
    const std::int64_t stride = Accumulators<T>::stride(channels);
    for (std::int64_t j = part.columns.first; j < part.columns.last; ++j, sums += stride) {
      T *result = results.at(i, j);
      if (is_empty(part.row_spans[i]) || is_empty(part.column_spans[j])) {
        for (std::int64_t c = 0; c < channels; ++c) result[c] = empty;
      } else {
        finish_result(sums, channels, result, results.is_output);
      }
    }
  }

  static SPP_INLINE void finish_result(const T *sums, std::int64_t channels, T *result,
                                       bool is_output) {
    if (channels < lanes) {
      store_partial<T>(result, Policy::finish(Policy::load(sums), is_output),
                       static_cast<int>(channels));
      return;
    }
    W::for_blocks(channels, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
      Accumulator values[block.value];
      W::load(sums + c, values);
      W::finish(result + c, is_output, values);
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
