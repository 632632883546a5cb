// SPP_ORDER_CHANNELS_BINS: rows of bins in scratch to the output's level, channel, bin.
#pragma once

#include <cstdint>

#include "pooling.hpp"

namespace spp {

// The numbers of `count` channels, from channel `first` of `channels` on: `source` has bin after bin,
// `stride` elements apart, and `row` is a whole output row.  Copied or converted.
template <class From, class To>
void reorder(const Pooling &pooling, std::int64_t channels, std::int64_t first, std::int64_t count,
             const From *source, std::int64_t stride, To *row) {
  for (const Level &level : pooling.levels) {
    const std::int64_t bins = std::int64_t{level.rows} * level.columns;
    To *target = row + level.first_bin * channels + first * bins;
    const From *from = source + level.first_bin * stride;
    for (std::int64_t channel = 0; channel < count; ++channel)
      for (std::int64_t bin = 0; bin < bins; ++bin)
        *target++ = static_cast<To>(from[bin * stride + channel]);
  }
}

}  // namespace spp
