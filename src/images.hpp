// The maps of one call, checked: a dense batch or a list, seen alike by everything behind.
#pragma once

#include <spp.h>

#include <cstddef>
#include <cstdint>

#include "pooling.hpp"

namespace spp {

// One map; strides in elements.
struct Image {
  const char *data;
  std::int64_t height;
  std::int64_t width;
  std::int64_t row_stride;
  std::int64_t column_stride;
  std::int64_t channel_stride;
  std::int64_t map_width;  // of the whole map, where `width` is what is valid of it

  // Positions y * map_width + x beyond what std::int32_t holds?
  bool has_wide_positions() const { return map_width > (std::int64_t{1} << 31) / height; }

  // Channels that do not lie side by side are read as planes.
  bool planes(std::int64_t channels) const { return channels != 1 && channel_stride != 1; }
};

class Images {
 public:
  // Check what the caller gives; nothing is read but the descriptions.
  // `where` names the batch in messages.
  static spp_status from_batch(const Pooling &pooling, const spp_batch *given, Images &images,
                               const char *where = "maps->");
  static spp_status from_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                              std::int64_t channels, Images &images);

  std::int64_t count() const { return count_; }
  std::int64_t channels() const { return channels_; }
  bool same_size() const { return maps_ == nullptr && heights_ == nullptr && widths_ == nullptr; }
  Image operator[](std::int64_t k) const {
    if (maps_ != nullptr) return listed(k);
    Image image = image_;
    image.data += k * image_stride_ * static_cast<std::int64_t>(element_size_);
    if (heights_ != nullptr) image.height = heights_[k];
    if (widths_ != nullptr) image.width = widths_[k];
    return image;
  }

  // Bytes from the first to one past the last element of map k, as addresses.
  void extent(std::int64_t k, std::uintptr_t &first, std::uintptr_t &last) const;

 private:
  spp_status check_list(const spp_map *given);
  Image listed(std::int64_t k) const;

  std::size_t element_size_ = 0;
  std::int64_t count_ = 0;
  std::int64_t channels_ = 0;
  std::int32_t layout_ = 0;
  // A dense batch:
  Image image_{};
  std::int64_t image_stride_ = 0;
  const std::int64_t *heights_ = nullptr;
  const std::int64_t *widths_ = nullptr;
  // A list: read in place, element by element, struct_size bytes apart.
  const char *maps_ = nullptr;
  std::size_t map_size_ = 0;
};

}  // namespace spp
