// Pooling regions from a packed block: see region_kernel.hpp.
#pragma once

#include "region_bins.hpp"
#include "region_six.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// One region, some channels of it.
template <class Values, bool Stream>
struct RegionPooler {
  using Sum = RegionSum<Values, Stream>;

  const RegionBlock &block;
  const RegionWindow &window;
  const float *cells;
  float *results;
  RegionTarget target;

  SPP_INLINE void pool() const {
    if constexpr (RegionSixReader<Values, Stream>::fits_registers) {
      if (block.is_six && window.merged == all_but_the_finest && window.rows->most != 0 &&
          window.columns->most != 0) {
        const RegionLevel *const levels = block.levels;
        RegionSixReader<Values, Stream>::read(
            {bins_of(levels[0]), levels[1].first_bin, levels[2].first_bin, levels[3].first_bin});
        return;
      }
    }
    for (std::int64_t k = 0; k < block.level_count; ++k) {
      const RegionLevel &level = block.levels[k];
      if ((window.merged >> k & 1) != 0)
        merge(level);
      else
        RegionReader<Values, Stream>::read(bins_of(level));
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
            level.is_source ? results + level.first_bin * region_channels : nullptr,
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
    const std::int64_t row = from.columns * region_channels;
    const std::int32_t high = Side == 0 ? level.merged_rows : Side;
    const std::int32_t wide = Side == 0 ? level.merged_columns : Side;
    const float *band = results + from.first_bin * region_channels;
    std::int64_t bin = level.first_bin;
    for (std::int64_t j = 0; j < level.rows; ++j, band += high * row) {
      const float *first = band;
      for (std::int64_t i = 0; i < level.columns; ++i, ++bin) {
        Sum sum;
        sum.load(first);
        for (std::int32_t y = 0; y < high; ++y)
          for (std::int32_t x = y == 0; x < wide; ++x)
            sum.add(first + y * row + x * region_channels);
        sum.write(target, bin);
        if (level.is_source) sum.keep(results + bin * region_channels);
        first += wide * region_channels;
      }
    }
  }
};

template <class Values, bool Stream>
SPP_APART void pool_region(const RegionBlock &block, const RegionWindow &window,
                           RegionTarget target) {
  using Pooler = RegionPooler<Values, Stream>;
  float *const first_bin = target.first_bin;
  for (std::int64_t c = 0; c < region_channels; c += Pooler::Sum::channels) {
    target.first_bin = first_bin + c;
    Pooler{block, window, block.cells + window.first_cell * region_channels + c, block.results + c,
           target}
        .pool();
  }
}

// The bins of a region from scratch to their places: output that is not in a first-level cache is waited
// for less if it is written in one go.  A block that is not full has been pooled as if it were.
SPP_INLINE void copy_region(const RegionBlock &block, float *output) {
  constexpr int lanes = Simd<float>::lanes;
  const float *part = block.part;
  for (std::int64_t bin = 0; bin < block.bins; ++bin, output += block.bin_stride) {
    if (block.before_end == region_channels) {
      repeat<region_channels / lanes>([&](int k) SPP_INLINE_LAMBDA {
        Simd<float>::store(output + k * lanes, Simd<float>::load(part + k * lanes));
      });
    } else {
      // Whole lines past the caches.  The last one belongs to two bins: its front ends this one, its
      // back is what this one begins with, and the neighbours' parts come next.
      std::int64_t done = 0;
      if (block.stream && block.channels == region_channels)
        for (; done < region_channels - line_floats; done += lanes)
          store_past_caches(output + done, Simd<float>::load(part + done));
      std::memcpy(output + done, part + done,
                  static_cast<std::size_t>(block.before_end - done) * sizeof(float));
      std::memcpy(output + block.before_end - block.bin_stride, part + block.before_end,
                  static_cast<std::size_t>(block.channels - block.before_end) * sizeof(float));
    }
    part += region_channels;
  }
}

template <class Values>
void pool_as(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (can_stream && block.stream && block.before_end == region_channels) {
    for (; first != last; ++first)
      pool_region<Values, can_stream>(
          block, *first, {block.output + first->row * block.row_stride, block.bin_stride});
  } else {
    for (; first != last; ++first) {
      pool_region<Values, false>(block, *first, {block.part, region_channels});
      copy_region(block, block.output + first->row * block.row_stride);
    }
  }
  end_stores();
}

void pool_regions(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (block.has_keys)
    pool_as<KeyValues>(block, first, last);
  else
    pool_as<FloatValues>(block, first, last);
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
