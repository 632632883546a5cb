// Many regions of one map, a block of channels at a time.  The border between code that is compiled
// once and code that is compiled per tier: plain data only.
//
// A block is packed: cell after cell, the channels of a cell side by side.  Behind it may lie three
// tables of the same form: where a cell of the block is, they have the maximum of 1 x 4, 4 x 1 and
// 4 x 4 cells from there on, so that a bin of any size from 4 on is covered by few of them.
#pragma once

#include <cstdint>

namespace spp {

// A block's channels: 256 bytes of a bin, the least that is written near the speed of memory.
constexpr std::int64_t region_channels = 64;

// Columns of a level.
constexpr std::int64_t most_region_columns = 64;

// Cells along one axis, from the window's first one on.
struct Stretch {
  std::int32_t first;
  std::int32_t size;
};

// Loads that cover a stretch, with and without tables.
constexpr std::int32_t table_side = 4;
inline std::int32_t table_loads(std::int32_t size) {
  return size < table_side ? size : (size + table_side - 1) / table_side;
}

// One level, in the order finest first.
struct RegionLevel {
  std::int32_t rows;
  std::int32_t columns;
  std::int32_t first_row;  // among the stretches of all levels
  std::int32_t first_column;
  std::int64_t first_bin;
  std::int32_t source;       // the level that it is merged from where it nests; -1: none
  std::int32_t merged_rows;  // of the source, in one bin
  std::int32_t merged_columns;
  bool is_source;
};

struct RegionWindow {
  const Stretch *rows;  // of all levels
  const Stretch *columns;
  std::int64_t first_cell;  // y * width + x in the map
  std::uint64_t merged;     // bit k: level k is merged from its source
  std::int64_t row;         // of the output
};

struct RegionBlock {
  const RegionLevel *levels;
  std::int64_t level_count;
  float *cells;         // the block, and the tables behind it
  std::int64_t height;  // of the map
  std::int64_t width;
  bool has_tables;
  bool has_keys;    // integers that ascend with the numbers, not float32: see region_kernel.hpp
  bool empty_zero;  // a bin without cells is +0, not -inf
  float *results;   // scratch for the bins of one region, region_channels of each
  float *part;      // the same again, for a block that is not full
  std::int64_t bins;
  float *output;  // the block's first channel in row 0
  std::int64_t row_stride;
  std::int64_t bin_stride;
  std::int64_t channels;  // up to region_channels
  bool stream;            // past the caches; the output is aligned to 64 bytes
};

// Where a block comes from.
struct RegionMap {
  const float *data;
  std::int64_t row_stride;
  std::int64_t column_stride;
  std::int64_t channel_stride;
};

// The functions of a tier.
struct RegionKernels {
  // Packs a block: -0 becomes +0, and if there is a NaN, keys are made.
  void (*pack)(const RegionMap &, bool ignore_nan, RegionBlock &);
  void (*make_tables)(const RegionBlock &);
  void (*pool)(const RegionBlock &, const RegionWindow *first, const RegionWindow *last);
  std::int32_t tier;  // SPP_TIER_*
};

}  // namespace spp
