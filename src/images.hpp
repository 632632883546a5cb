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

  // Channels that do not lie side by side are read as planes.
  bool planes(std::int64_t channels) const { return channels != 1 && channel_stride != 1; }
};

// The name of an array in messages, in two parts.
struct DataName {
  const char *where;
  const char *name;
};

class Images {
 public:
  // Check what the caller gives; nothing is read but the descriptions.
  // `where` names the batch in messages.
  static spp_status from_batch(const Pooling &pooling, const spp_batch *given, Images &images,
                               const char *where = "maps->");
  static spp_status from_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                              std::int64_t channels, Images &images);

  // The same for arrays of the caller's that are to be written: the descriptions say how the elements
  // lie, `map_gradients` where, and the descriptions' own data is not read.
  static spp_status gradients_of_batch(const Pooling &pooling, const spp_batch *given,
                                       void *map_gradients, Images &images);
  static spp_status gradients_of_list(const Pooling &pooling, const spp_map *given,
                                      std::int64_t count, std::int64_t channels,
                                      void *const *map_gradients, Images &images);

  std::int64_t count() const { return count_; }
  std::int64_t channels() const { return channels_; }
  // Maps to look at for all sizes there are.
  std::int64_t sizes() const { return same_size() && count_ > 1 ? 1 : count_; }
  // The first map of more than 2^31 cells, whose positions std::int32_t does not hold; -1: none.
  std::int64_t first_of_wide_positions() const;
  bool same_size() const { return maps_ == nullptr && heights_ == nullptr && widths_ == nullptr; }
  Image operator[](std::int64_t k) const {
    Image image = whole(k);
    if (heights_ != nullptr) image.height = heights_[k];
    if (widths_ != nullptr) image.width = widths_[k];
    return image;
  }
  // Map k with the cells that are not valid.
  Image whole(std::int64_t k) const {
    if (maps_ != nullptr) return listed(k);
    Image image = image_;
    image.data += k * image_stride_ * static_cast<std::int64_t>(element_size_);
    return image;
  }
  bool is_list() const { return maps_ != nullptr; }
  std::int64_t image_stride() const { return image_stride_; }  // not of a list
  std::size_t element_size() const { return element_size_; }

  // Bytes from the first to one past the last element of map k, as addresses.
  void extent(std::int64_t k, std::uintptr_t &first, std::uintptr_t &last) const;

 private:
  spp_status set_batch(const Pooling &pooling, const spp_batch &batch, const char *where,
                       DataName data_name);
  spp_status set_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                      std::int64_t channels);
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
  void *const *places_ = nullptr;  // of the arrays, if not where the maps say
};

}  // namespace spp
