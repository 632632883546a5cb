// Which rows a map has: its own one, or those of its regions.
#pragma once

#include <algorithm>
#include <cstdint>

#include "images.hpp"

namespace spp {

class RowsByMap {
 public:
  // Memory that it needs, in std::int64_t.
  static std::int64_t words(const Images &images) {
    return images.are_regions() ? images.map_count() + images.count() : 0;
  }
  static std::int64_t bytes(const Images &images) {
    return words(images) * static_cast<std::int64_t>(sizeof(std::int64_t));
  }

  RowsByMap() = default;
  RowsByMap(const Images &images, std::int64_t *memory) {
    if (!images.are_regions()) return;
    last_ = memory;
    rows_ = last_ + images.map_count();
    std::fill(last_, rows_, 0);
    for (std::int64_t k = 0; k < images.count(); ++k) ++last_[images.map_of(k)];
    std::int64_t first = 0;
    for (std::int64_t map = 0; map < images.map_count(); ++map) {
      first += last_[map];
      last_[map] = first - last_[map];
    }
    for (std::int64_t k = 0; k < images.count(); ++k) rows_[last_[images.map_of(k)]++] = k;
  }

  // The rows of a map's regions, in their order.
  const std::int64_t *begin(std::int64_t map) const {
    return rows_ + (map == 0 ? 0 : last_[map - 1]);
  }
  std::int64_t count(std::int64_t map) const {
    return last_[map] - (map == 0 ? 0 : last_[map - 1]);
  }

 private:
  std::int64_t *last_ = nullptr;  // one past the last of each map
  std::int64_t *rows_ = nullptr;
};

}  // namespace spp
