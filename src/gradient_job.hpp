// The fast way of a gradient (folded_gradient.hpp), as the code of a tier sees it: plain data only.
#pragma once

#include <cstdint>

#include "edges.hpp"

namespace spp {

constexpr std::int32_t most_fold_levels = 4;
constexpr std::int32_t most_fold_side = 64;

// Levels whose bins are unions of those of the finest one, which do not overlap.
struct FoldPlan {
  std::int32_t level_count;
  std::int32_t finest;  // which of the levels
  std::int64_t bins;    // of all of them
  std::int64_t first_bins[most_fold_levels];
  std::int32_t level_columns[most_fold_levels];
  // The bins of the finest level on the map, and for each of its rows and columns that of every
  // level around it; -1: none.
  std::int32_t row_count;
  std::int32_t column_count;
  Span rows[most_fold_side];
  Span columns[most_fold_side];
  std::int16_t level_rows[most_fold_levels][most_fold_side];
  std::int16_t level_columns_of[most_fold_levels][most_fold_side];
};

// Gathers what each winner of a finest bin gets from the bins of all levels.  There are at least 64
// bytes of channels.
struct FoldJob {
  const FoldPlan *plan;
  std::int64_t width;       // of the map
  std::int64_t channels;
  const std::int32_t *positions;  // channel 0 of the job in bin 0
  std::int64_t position_stride;  // from bin to bin
  const void *gradients;
  std::int64_t gradient_stride;
  // For every finest bin and channel the winner's place in the bin, row by row, and its sum.  Both
  // are as wide as an element.
  void *marks;
  void *sums;
};

// Writes every element of some channels of a map once: the sum where a mark says so, else zero.
struct WriteJob {
  const FoldPlan *plan;
  std::int64_t height;
  std::int64_t width;
  std::int64_t channels;
  const void *marks;
  const void *sums;
  void *map;  // channel 0 of the job
  std::int64_t row_stride;
  std::int64_t column_stride;
  bool stream;  // past the caches
};

struct GradientKernels {
  // Are all positions -1 or in [0, end)?
  bool (*are_below_32)(const std::int32_t *positions, std::int64_t count, std::int64_t end);
  bool (*are_below_64)(const std::int64_t *positions, std::int64_t count, std::int64_t end);
  void (*narrow)(const std::int64_t *from, std::int64_t count, std::int32_t *to);
  // Of SPP_F32, SPP_F64, SPP_F16, SPP_BF16.  False: the positions are not those of winners.
  bool (*fold[4])(const FoldJob &);
  // Of elements of 2, 4 and 8 bytes.
  void (*write[3])(const WriteJob &);
  std::int64_t stream_bytes;  // a call that writes as much as this goes past the caches
};

}  // namespace spp
