// Many regions of one map, a block of channels at a time.  The border between code that is compiled
// once and code that is compiled per tier: plain data only.
//
// A block is packed: cell after cell, the channels of a cell side by side.  Behind it may lie three
// tables of the same form: where a cell of the block is, they have the maximum of 1 x s, s x 1 and
// s x s cells from there on, so that a bin of any size from s on is covered by few of them.
#pragma once

#include <cstdint>

namespace spp {

// A block's channels.  128 bytes of a bin are the least that is written near the speed of memory, and with
// them a block and its tables leave room in a second-level cache.  Where there is so much output that the
// processor must look up its pages again for each block, fewer blocks take less time.
constexpr int narrow_depth = 32;
constexpr int wide_depth = 64;

// Floats in a line of the caches.
constexpr std::int64_t line_floats = 16;

// Tables have sides from 2 to this.
constexpr std::int32_t most_table_side = 4;

// So many loads along an axis are written out in the kernels.
constexpr std::int32_t most_loads = 3;

// Columns of a level.
constexpr std::int64_t most_region_columns = 64;

// How the cells of one bin are read along one axis: `count` loads at these elements of the block, from
// the window's first cell on.  Behind those they are `step` apart, and the last one is at `last`.  With
// fewer the last load is repeated.
struct alignas(8) Cover {
  std::int32_t at[most_loads];
  std::int32_t count;
  std::int32_t last;
  std::int32_t step;
  std::int32_t most;  // of the level's bins, if each has from 1 to most_loads; else 0
};

// One level, in the order finest first.
struct RegionLevel {
  std::int32_t rows;
  std::int32_t columns;
  std::int32_t first_row;  // among the covers of all levels
  std::int32_t first_column;
  std::int64_t first_bin;
  std::int32_t source;       // the level that it is merged from where it nests; -1: none
  std::int32_t merged_rows;  // of the source, in one bin
  std::int32_t merged_columns;
  bool is_source;
};

struct RegionWindow {
  const Cover *rows;  // of all levels
  const Cover *columns;
  std::int64_t first_cell;  // y * width + x in the map
  std::uint64_t merged;     // bit k: level k is merged from its source
  std::int64_t row;         // of the output
};

struct RegionBlock {
  const RegionLevel *levels;
  std::int64_t level_count;
  bool is_six;          // the levels are 6 x 6, 3 x 3, 2 x 2 and 1 x 1
  float *cells;         // the block, and the tables behind it
  std::int64_t height;  // of the map
  std::int64_t width;
  std::int64_t depth;  // narrow_depth or wide_depth: elements from cell to cell
  std::int64_t table_side;
  bool has_keys;    // integers that ascend with the numbers, not float32: see region_kernel.hpp
  bool empty_zero;  // a bin without cells is +0, not -inf
  float *results;   // scratch for the bins of one region, `depth` elements each
  float *part;      // the same again, for a block that is not full
  std::int64_t bins;
  float *output;  // the block's first channel in row 0
  std::int64_t row_stride;
  std::int64_t bin_stride;  // the map's channels
  std::int64_t channels;    // up to `depth`
  std::int64_t before_end;  // so many, and then the block goes on with the map's first channel
  bool stream;              // past the caches; the block's first channel is aligned to 64 bytes
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
