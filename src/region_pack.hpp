// Packing a block of channels for shared regions, and the tables behind it: see region_job.hpp.
#pragma once

#include "region_job.hpp"
#include "region_values.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Channels from the block's `c` on; behind the map's last one its first ones follow.
SPP_INLINE Simd<float>::R load_channels(const float *pixel, std::int64_t c,
                                        const RegionBlock &block) {
  using S = Simd<float>;
  const std::int64_t left = block.before_end - c;
  if (left >= S::lanes) return S::load(pixel + c);
  if (left <= 0) return S::load(pixel + c - block.bin_stride);
  float lane[S::lanes];
  std::memcpy(lane, pixel + c, static_cast<std::size_t>(left) * sizeof(float));
  std::memcpy(lane + left, pixel + c + left - block.bin_stride,
              static_cast<std::size_t>(S::lanes - left) * sizeof(float));
  return S::load(lane);
}

constexpr std::int64_t pixels_ahead = 16;

// Whether there was a NaN.  IsWhole: the block does not begin anew with the map's first channel.
template <bool IsWhole>
bool pack_pixels(const RegionMap &map, const RegionBlock &block) {
  using S = Simd<float>;
  S::R nans = S::fill(0.0F);
  float *to = block.cells;
  for (std::int64_t y = 0; y < block.height; ++y) {
    const float *pixel = map.data + y * map.row_stride;
    for (std::int64_t x = 0; x < block.width; ++x, pixel += map.column_stride) {
      // Few bytes of each pixel are read, which the processor does not foresee.
      const auto ahead =
          reinterpret_cast<std::uintptr_t>(pixel) +
          static_cast<std::uintptr_t>(pixels_ahead * map.column_stride) * sizeof(float);
      for (std::int64_t c = 0; c < block.depth; c += line_floats)
        __builtin_prefetch(
            reinterpret_cast<const void *>(ahead + static_cast<std::uintptr_t>(c) * sizeof(float)));
      for (std::int64_t c = 0; c < block.depth; c += S::lanes, to += S::lanes) {
        const S::R value = IsWhole ? S::load(pixel + c) : load_channels(pixel, c, block);
        nans = S::where_nan(value, value, nans);
        S::store(to, S::plus_zero(value));
      }
    }
  }
  float lane[S::lanes];
  S::store(lane, nans);
  bool any = false;
  for (const float value : lane) any |= value != value;
  return any;
}

// Channel after channel: for planes, and for what fills no block.
bool pack_channels(const RegionMap &map, const RegionBlock &block) {
  bool any = false;
  for (std::int64_t c = 0; c < block.depth; ++c) {
    float *to = block.cells + c;
    const std::int64_t channel = c < block.before_end ? c : c - block.bin_stride;
    for (std::int64_t y = 0; y < block.height; ++y) {
      const float *from = map.data + channel * map.channel_stride + y * map.row_stride;
      for (std::int64_t x = 0; x < block.width; ++x, to += block.depth) {
        const float value = c < block.channels ? from[x * map.column_stride] + 0.0F : 0.0F;
        any |= value != value;
        *to = value;
      }
    }
  }
  return any;
}

void pack_regions(const RegionMap &map, bool ignore_nan, RegionBlock &block) {
  if (map.channel_stride != 1 || block.channels != block.depth)
    block.has_keys = pack_channels(map, block);
  else if (block.before_end == block.depth)
    block.has_keys = pack_pixels<true>(map, block);
  else
    block.has_keys = pack_pixels<false>(map, block);
  if (!block.has_keys) return;
  for (std::int64_t k = 0; k < block.height * block.width * block.depth; ++k) {
    const std::int32_t key = KeyValues::key(block.cells[k], ignore_nan);
    std::memcpy(block.cells + k, &key, sizeof key);
  }
}

// to[k] = the maximum of Side that lie `apart`, for `count` of them.
template <class Values, int Side>
SPP_APART void make_table(const float *from, std::int64_t apart, std::int64_t count, float *to) {
  for (std::int64_t k = 0; k < count; k += Simd<float>::lanes) {
    typename Values::R most = Values::load(from + k);
    repeat<Side - 1>([&](int i) SPP_INLINE_LAMBDA {
      most = Values::larger(Values::load(from + k + (i + 1) * apart), most);
    });
    Values::keep(to + k, most);
  }
}

// The tables 1 x s, s x 1, s x s behind the block.  Where a row ends the first and the last run on
// into the next one: no bin reads there.
template <class Values, int Side>
void make_tables_of(const RegionBlock &block) {
  const std::int64_t row = block.width * block.depth;
  const std::int64_t size = block.height * row;
  const std::int64_t wide = size - (Side - 1) * block.depth;
  const std::int64_t high = size - (Side - 1) * row;
  float *const table = block.cells + size;
  if (block.width >= Side) make_table<Values, Side>(block.cells, block.depth, wide, table);
  if (block.height < Side) return;
  make_table<Values, Side>(block.cells, row, high, table + size);
  if (block.width >= Side)
    make_table<Values, Side>(table, row, wide - (Side - 1) * row, table + 2 * size);
}

template <int Side>
void make_tables_by(const RegionBlock &block) {
  if (block.has_keys)
    make_tables_of<KeyValues, Side>(block);
  else
    make_tables_of<FloatValues, Side>(block);
}

void make_region_tables(const RegionBlock &block) {
  static_assert(most_table_side == 4, "a case for each side");
  switch (block.table_side) {
    case 2:
      return make_tables_by<2>(block);
    case 3:
      return make_tables_by<3>(block);
    default:
      return make_tables_by<4>(block);
  }
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
