// Whole rectangles in registers: for maps in a cache, for merges, and for few channels.
#pragma once

#include "lines.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class T, class Policy>
struct CellPooler {
  using W = Walker<T, Policy>;
  using Lines = LinePooler<T, Policy>;
  using S = Simd<T>;
  using R = typename S::R;
  using Accumulator = typename Policy::Accumulator;
  static constexpr int lanes = S::lanes;

  // `scratch` has room for `scratch_count` elements.
  static void pool(const Part &part, const Source<T> &source, const Target<T> &target,
                   std::int64_t channels, T empty, T *scratch, std::int64_t scratch_count) {
    const int lead = W::lead_of(source, channels);
    if (lead == 0 && pool_whole(part, source, target, channels, empty)) return;
    if (Lines::suits(part, source, channels, lead) &&
        Lines::pool(part, source, target, channels, empty, scratch, scratch_count))
      return;
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i)
      pool_band(part, i, part.row_spans[i], source, target, channels, lead, empty);
  }

 private:
  // Of 32 registers: a whole pixel of 1 KiB.
  static constexpr int most_whole = (sizeof(R) == 64 ? 16 : 8) / Policy::registers;

  // A pixel that is just one block: nothing is decided per cell.
  static bool pool_whole(const Part &part, const Source<T> &source, const Target<T> &target,
                         std::int64_t channels, T empty) {
    switch (channels) {
      case lanes:
        return pool_blocks<1>(part, source, target, empty);
      case 2 * lanes:
        return pool_blocks<2>(part, source, target, empty);
      case 4 * lanes:
        return pool_blocks<4>(part, source, target, empty);
      case 8 * lanes:
        return pool_blocks<8>(part, source, target, empty);
      case 16 * lanes:
        return pool_blocks<16>(part, source, target, empty);
      default:
        return false;
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
        Accumulator sum = Policy::identity();
        const T *line = row + x.first * source.pixel;
        for (std::int64_t k = 0; k < height; ++k, line += source.row)
          for (std::int64_t p = 0; p < x.last - x.first; ++p)
            sum = Policy::add(sum, load_partial<T>(line + p * source.pixel, rest));
        store_partial<T>(result, Policy::finish(sum, target.is_output), rest);
      });
      return;
    }
    for_cells(part, i, y, target, channels, empty, [&](Span x, T *result) SPP_INLINE_LAMBDA {
      W::for_blocks(channels, lead,
                    [&](auto block, std::int64_t c, std::int64_t shift) SPP_INLINE_LAMBDA {
                      pool_apart<block.value, block.way>(row + x.first * source.pixel + c, source,
                                                         height, x.last - x.first, result + c,
                                                         target.is_output, shift);
                    });
    });
  }

  template <int Vectors>
  static SPP_APART bool pool_blocks(const Part &part, const Source<T> &source,
                                    const Target<T> &target, T empty) {
    if constexpr (Vectors <= most_whole) {
      for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
        const Span y = part.row_spans[i];
        const T *row = source.at(y.first, 0);
        for_cells(part, i, y, target, Vectors * lanes, empty,
                  [&](Span x, T *result) SPP_INLINE_LAMBDA {
                    pool_cell<Vectors>(row + x.first * source.pixel, source, y.last - y.first,
                                       x.last - x.first, result, target.is_output);
                  });
      }
      return true;
    }
    return false;
  }

  // The loops of all blocks in one function are more than GCC's register allocator is good for: it
  // kept an accumulator of the largest in memory.
  template <int Vectors, Fit Way>
  static SPP_APART void pool_apart(const T *data, const Source<T> &source, std::int64_t height,
                                   std::int64_t width, T *result, bool is_output,
                                   std::int64_t shift) {
    pool_cell<Vectors, Way>(data, source, height, width, result, is_output, shift);
  }

  template <int Vectors, Fit Way = Fit::plain>
  static SPP_INLINE void pool_cell(const T *data, const Source<T> &source, std::int64_t height,
                                   std::int64_t width, T *result, bool is_output,
                                   std::int64_t shift = 0) {
    Accumulator sums[Vectors];
    W::clear(sums);
    W::template walk<Vectors, Way>(data, source, height, width, sums, shift);
    W::template finish<Vectors, Way>(result, is_output, sums, shift);
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
