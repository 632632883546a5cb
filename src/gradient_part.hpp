// What one piece of a backward call does for one map: some of its channels.
#pragma once

#include <cstdint>

#include "images.hpp"
#include "pooling.hpp"

namespace spp {

// Rows of gradients and positions that are for one map, in the order of the output.
struct RowsOfMap {
  const std::int64_t *indices;
  std::int64_t count;
  std::int64_t gradient_stride;  // elements, from row to row
  std::int64_t position_stride;
};

struct GradientPart {
  const Pooling &pooling;
  const char *gradients;  // what the rows' indices count from
  const char *positions;
  bool wide;  // positions are int64_t, else int32_t
  RowsOfMap rows;
  std::int64_t channels;  // of the map
  std::int64_t first;     // the channels [first, last) of this part
  std::int64_t last;

  Image image;  // the map's gradient, with the cells that are not valid
  char *data;   // its channel 0
  std::int64_t valid_height;
  std::int64_t valid_width;

  char *scratch;  // scratch_bytes, 64-byte aligned
  std::int64_t scratch_bytes;
};

// Steps within the numbers of a level in a row.
struct RowSteps {
  std::int64_t bin;
  std::int64_t channel;
};

inline RowSteps row_steps(const Pooling &pooling, const Level &level, std::int64_t channels) {
  if (pooling.order == SPP_ORDER_CHANNELS_BINS)
    return {1, std::int64_t{level.rows} * level.columns};
  return {channels, 1};
}

}  // namespace spp
