// The fast way of a gradient (gradient_writer.hpp), as the code of a tier sees it: plain data only.
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

// Some channels, at least 64 bytes of them, of the gradient of one map.
struct GradientJob {
  const FoldPlan *plan;
  const std::int32_t *positions;  // channel 0 of the job in bin 0
  const void *gradients;
  std::int64_t stride;  // of both, from bin to bin

  Span rows;  // of the map, which are written
  std::int64_t width;
  std::int64_t channels;
  void *map;  // channel 0 of the job
  std::int64_t row_stride;
  std::int64_t column_stride;
  bool stream;  // write past the caches; `map` and the strides are aligned to lines

  // Scratch for a row of finest bins: marks to find the winners by, and their sums.  As wide as
  // elements, a bin's channels side by side.
  void *marks;
  void *sums;
};

// How many positions were not where those of winners are, of finest bins and of others.  If the sums
// over all rows of a map are not 0, what has been written is of no use.
struct Missed {
  std::int64_t finest;
  std::int64_t coarse;
};

// For c in [0, count), where positions[c] is not -1: map[positions[c] * stride + c] += gradients[c], a
// NaN being canonical.  All these places are below 2^31.  What is `ahead` elements further on in both
// arrays is fetched; it may lie outside of them.
using Scatter = void(const void *positions, const float *gradients, std::int64_t count,
                     std::int32_t stride, std::int64_t ahead, float *map);

struct GradientKernels {
  // Are all positions -1 or in [0, end)?  end is at most 2^31.
  bool (*are_below)(const std::int32_t *positions, std::int64_t count, std::int64_t end);
  // The same, and a copy as int32_t.
  bool (*narrow)(const std::int64_t *from, std::int64_t count, std::int64_t end, std::int32_t *to);
  // Of SPP_F32, SPP_F64, SPP_F16, SPP_BF16.
  Missed (*write[4])(const GradientJob &);
  Scatter *scatter[2];  // of int32_t and int64_t positions; nullptr: not faster than additions
};

}  // namespace spp
