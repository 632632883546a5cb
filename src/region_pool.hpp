// Pooling regions from a packed block: see region_kernel.hpp.
#pragma once

#include "region_bins.hpp"
#include "region_six.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// One region, some channels of it.
template <class Form>
struct RegionPooler {
  using Sum = RegionSum<Form>;

  const RegionBlock &block;
  const RegionWindow &window;
  const float *cells;
  float *results;
  RegionTarget target;

  SPP_INLINE void pool() const {
    if constexpr (RegionSixReader<Form>::fits_registers) {
      if (block.is_six && window.merged == all_but_the_finest && window.rows->most != 0 &&
          window.columns->most != 0) {
        const RegionLevel *const levels = block.levels;
        RegionSixReader<Form>::read(
            {bins_of(levels[0]), levels[1].first_bin, levels[2].first_bin, levels[3].first_bin});
        return;
      }
    }
    for (std::int64_t k = 0; k < block.level_count; ++k) {
      const RegionLevel &level = block.levels[k];
      if ((window.merged >> k & 1) != 0)
        merge(level);
      else
        RegionReader<Form>::read(bins_of(level));
    }
  }

 private:
  static constexpr std::uint64_t all_but_the_finest = 0b1110;  // of four levels

  SPP_INLINE RegionBins bins_of(const RegionLevel &level) const {
    return {cells,
            window.rows + level.first_row,
            window.columns + level.first_column,
            level.rows,
            level.columns,
            level.first_bin,
            target,
            level.is_source ? results + level.first_bin * Form::depth : nullptr,
            block.empty_zero ? 0.0F : from_bits<float>(Bits<float>::lowest)};
  }

  SPP_INLINE void merge(const RegionLevel &level) const {
    if (level.merged_rows == 2 && level.merged_columns == 2)
      merge_by<2>(level);
    else if (level.merged_rows == 3 && level.merged_columns == 3)
      merge_by<3>(level);
    else
      merge_by<0>(level);
  }

  // Side x Side bins of the source; 0: any number.
  template <int Side>
  SPP_INLINE void merge_by(const RegionLevel &level) const {
    const RegionLevel &from = block.levels[level.source];
    const std::int64_t row = from.columns * Form::depth;
    const std::int32_t high = Side == 0 ? level.merged_rows : Side;
    const std::int32_t wide = Side == 0 ? level.merged_columns : Side;
    const float *band = results + from.first_bin * Form::depth;
    std::int64_t bin = level.first_bin;
    for (std::int64_t j = 0; j < level.rows; ++j, band += high * row) {
      const float *first = band;
      for (std::int64_t i = 0; i < level.columns; ++i, ++bin) {
        Sum sum;
        sum.load(first);
        for (std::int32_t y = 0; y < high; ++y)
          for (std::int32_t x = y == 0; x < wide; ++x) sum.add(first + y * row + x * Form::depth);
        sum.write(target, bin);
        if (level.is_source) sum.keep(results + bin * Form::depth);
        first += wide * Form::depth;
      }
    }
  }
};

template <class Form>
SPP_APART void pool_region(const RegionBlock &block, const RegionWindow &window,
                           RegionTarget target) {
  using Pooler = RegionPooler<Form>;
  float *const first_bin = target.first_bin;
  for (std::int64_t c = 0; c < Form::depth; c += Pooler::Sum::channels) {
    target.first_bin = first_bin + c;
    Pooler{block, window, block.cells + window.first_cell * Form::depth + c, block.results + c,
           target}
        .pool();
  }
}

// The bins of a region from scratch to their places: output that is not in a first-level cache is waited
// for less if it is written in one go.  A block that is not full has been pooled as if it were.
template <int Depth>
SPP_INLINE void copy_region(const RegionBlock &block, float *output) {
  constexpr int lanes = Simd<float>::lanes;
  const float *part = block.part;
  for (std::int64_t bin = 0; bin < block.bins; ++bin, output += block.bin_stride) {
    if (block.before_end == Depth) {
      repeat<Depth / lanes>([&](int k) SPP_INLINE_LAMBDA {
        Simd<float>::store(output + k * lanes, Simd<float>::load(part + k * lanes));
      });
    } else {
      // Whole lines past the caches.  The last one belongs to two bins: its front ends this one, its
      // back is what this one begins with, and the neighbours' parts come next.
      std::int64_t done = 0;
      if (block.stream && block.channels == Depth)
        for (; done < Depth - line_floats; done += lanes)
          store_past_caches(output + done, Simd<float>::load(part + done));
      std::memcpy(output + done, part + done,
                  static_cast<std::size_t>(block.before_end - done) * sizeof(float));
      std::memcpy(output + block.before_end - block.bin_stride, part + block.before_end,
                  static_cast<std::size_t>(block.channels - block.before_end) * sizeof(float));
    }
    part += Depth;
  }
}

template <class Values, int Depth>
void pool_as(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (can_stream && block.stream && block.before_end == Depth) {
    for (; first != last; ++first)
      pool_region<RegionForm<Values, can_stream, Depth>>(
          block, *first, {block.output + first->row * block.row_stride, block.bin_stride});
  } else {
    for (; first != last; ++first) {
      pool_region<RegionForm<Values, false, Depth>>(block, *first, {block.part, Depth});
      copy_region<Depth>(block, block.output + first->row * block.row_stride);
    }
  }
  end_stores();
}

template <int Depth>
void pool_deep(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (block.has_keys)
    pool_as<KeyValues, Depth>(block, first, last);
  else
    pool_as<FloatValues, Depth>(block, first, last);
}

void pool_regions(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (block.depth == wide_depth)
    pool_deep<wide_depth>(block, first, last);
  else
    pool_deep<narrow_depth>(block, first, last);
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
