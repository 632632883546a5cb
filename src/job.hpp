// What one call of a kernel does: some passes over one map, for some of its channels.  The border
// between code that is compiled once and code that is compiled per tier: plain data only.
#pragma once

#include <cstdint>

#include "grid.hpp"

namespace spp {

// Sized for first-level caches.
constexpr std::int64_t accumulator_bytes = 24 << 10;

struct Job {
  const Grid *grid;
  std::int32_t first_pass;
  std::int32_t last_pass;  // one past

  const void *map;              // channel 0 of this job, at row 0, column 0
  std::int64_t row_stride;      // elements
  std::int64_t column_stride;   // elements
  std::int64_t channel_stride;  // elements
  std::int64_t channels;
  bool planes;  // the channels do not lie side by side

  void *bins;               // channel 0 of this job in bin 0
  std::int64_t bin_stride;  // elements from bin to bin
  void *cells;              // channel 0 of this job in cell 0; 64-byte aligned
  std::int64_t cell_stride;

  // For kernels that also find where each maximum is: positions beside the bins and the cells, with
  // the same strides, and what makes the position of a pixel.  Wide ones are std::int64_t, others
  // std::int32_t.
  void *bin_positions;
  void *cell_positions;
  bool wide_bin_positions;
  bool wide_cell_positions;
  std::int64_t map_width;

  // The results of the reading passes that this job makes, if it makes only a part of them.
  Span target_rows;
  Span target_columns;

  void *accumulators;  // accumulator_bytes of scratch, 64-byte aligned
  bool stream;         // read the map in the order of addresses: for maps outside the caches
  bool empty_zero;     // an empty bin is +0, not the lowest value
};

// One entry per element type and NaN policy in every tier's table.  Returns the tier's SPP_TIER_*,
// a constant of the code that ran.
using Kernel = std::int32_t (*)(const Job &);

// The tables: rows[element type].kernels[NaN policy].
constexpr int element_type_count = 9;
constexpr int nan_policy_count = 2;

struct KernelRow {
  Kernel kernels[nan_policy_count];
};
struct KernelTable {
  KernelRow rows[element_type_count];
};

}  // namespace spp
