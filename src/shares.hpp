// How the work of a backward call is cut into independent pieces.
#pragma once

#include <algorithm>
#include <cstdint>

#include "edges.hpp"
#include "grid.hpp"
#include "images.hpp"
#include "parallel.hpp"
#include "partition.hpp"

namespace spp {

// One piece of a call: some of the maps that gradients go to, and some of their channels or rows.
struct Share {
  Span images;
  Span channels;
  Span rows;
};

// How a call is cut: runs of whole maps, or ranges of the rows of one map, or of its channels.  All
// regions can be on one map, so with them every map is cut a little.
class Shares {
 public:
  Shares(const Images &images, std::int64_t element_size, std::int64_t threads, bool by_rows)
      : images_(images.map_count()),
        channels_(images.channels()),
        unit_(64 / element_size),
        height_(by_rows ? images.whole(0).height : 0) {
    if (threads == 1) return;
    const std::int64_t wanted = most_parts(threads);
    maps_ = std::min(images_, wanted);
    // Runs of several lines in a pixel are written faster than single lines.
    constexpr std::int64_t least_lines = 4;
    const std::int64_t most =
        by_rows ? height_ : std::max<std::int64_t>(1, channels_ / (unit_ * least_lines));
    const std::int64_t least =
        images.are_regions() ? std::clamp<std::int64_t>(most_tasks / maps_, 1, 8) : 1;
    parts_ = std::min(most, std::max(least, (wanted + images_ - 1) / images_));
  }

  std::int64_t count() const { return maps_ * parts_; }

  Share operator[](std::int64_t index) const {
    const std::int64_t map = index / parts_;
    const std::int64_t part = index % parts_;
    const Span maps = {part_start(images_, maps_, map), part_start(images_, maps_, map + 1)};
    if (height_ != 0)
      return {maps,
              {0, channels_},
              {part_start(height_, parts_, part), part_start(height_, parts_, part + 1)}};
    const std::int64_t units = (channels_ + unit_ - 1) / unit_;
    return {maps,
            {part_start(units, parts_, part) * unit_,
             std::min(channels_, part_start(units, parts_, part + 1) * unit_)},
            {}};
  }

 private:
  std::int64_t images_;
  std::int64_t channels_;
  std::int64_t unit_;    // channels in a cache line
  std::int64_t height_;  // 0: not cut by rows
  std::int64_t maps_ = 1;
  std::int64_t parts_ = 1;
};

}  // namespace spp
