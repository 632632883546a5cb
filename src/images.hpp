// The maps of one call, checked: a dense batch or a list, or windows of such maps, seen alike by
// everything behind.
#pragma once

#include <spp.h>

#include <cstddef>
#include <cstdint>

#include "edges.hpp"
#include "pooling.hpp"

namespace spp {

// One map, or a window of one; strides in elements.
struct Image {
  const char *data;     // cell (0, 0) of the map
  std::int64_t height;  // of what is pooled
  std::int64_t width;
  std::int64_t row_stride;
  std::int64_t column_stride;
  std::int64_t channel_stride;
  std::int64_t map_width;  // of the whole map, where `width` is what is valid of it
  std::int64_t top = 0;    // where in the map the pooled cells begin
  std::int64_t left = 0;
  const spp_region *roi =
      nullptr;  // SPP_BINS_ROI: the whole window, of which these cells are there

  // Channels that do not lie side by side are read as planes.
  bool planes(std::int64_t channels) const { return channels != 1 && channel_stride != 1; }

  Axis rows() const {
    return {
        roi == nullptr ? top : roi->y, roi == nullptr ? height : roi->height, {top, top + height}};
  }
  Axis columns() const {
    return {
        roi == nullptr ? left : roi->x, roi == nullptr ? width : roi->width, {left, left + width}};
  }
};

// Bytes that a map's elements have.
inline std::int64_t image_bytes(const Image &image, std::int64_t channels,
                                std::int64_t element_size) {
  return image.height * image.width * channels * element_size;
}

// An axis of an array; the name is for messages.
struct StridedAxis {
  const char *name;
  std::int64_t size;
  std::int64_t stride;
};

// The name of an array in messages, in two parts.
struct DataName {
  const char *where;
  const char *name;
};

class Images {
 public:
  // Check what the caller gives; nothing is read but the descriptions.
  // `where` names the batch in messages.  If no element `is_read`, there may be no data.
  static spp_status from_batch(const Pooling &pooling, const spp_batch *given, Images &images,
                               const char *where = "maps->", bool is_read = true);
  static spp_status from_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                              std::int64_t channels, Images &images,
                              const char *count_name = "count", bool is_read = true);

  // The same for arrays of the caller's that are to be written: the descriptions say how the elements
  // lie, `map_gradients` where, and the descriptions' own data is not read.
  static spp_status gradients_of_batch(const Pooling &pooling, const spp_batch *given,
                                       void *map_gradients, Images &images);
  static spp_status gradients_of_list(const Pooling &pooling, const spp_map *given,
                                      std::int64_t count, std::int64_t channels,
                                      void *const *map_gradients, Images &images,
                                      const char *count_name = "count");

  // From here on the images are windows of these maps.
  spp_status take_regions(const Pooling &pooling, const spp_region *regions, std::int64_t count);

  std::int64_t count() const { return are_regions_ ? region_count_ : count_; }
  std::int64_t channels() const { return channels_; }
  bool are_regions() const { return are_regions_; }
  const char *noun() const { return are_regions_ ? "region" : "map"; }
  bool same_size() const { return same_maps() && !are_regions_; }
  // Images to look at for all sizes there are.
  std::int64_t sizes() const { return same_size() && count_ > 1 ? 1 : count(); }
  Image operator[](std::int64_t k) const { return are_regions_ ? window(k) : map(k); }

  const spp_region &region(std::int64_t k) const { return regions_[k]; }
  // The map that image k is, or is a window of.
  std::int64_t map_of(std::int64_t k) const { return are_regions_ ? regions_[k].image : k; }

  std::int64_t map_count() const { return count_; }
  // Do maps differ in nothing but their place?
  bool same_maps() const { return maps_ == nullptr && heights_ == nullptr && widths_ == nullptr; }
  // The first map of more than 2^31 cells, whose positions std::int32_t does not hold; -1: none.
  std::int64_t first_of_wide_positions() const;
  Image map(std::int64_t k) const {
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

  // Bytes from the first to one past the last element of map k, as addresses: of those that are
  // read, or all that are written.
  void extent(std::int64_t k, std::uintptr_t &first, std::uintptr_t &last) const;

 private:
  spp_status set_batch(const Pooling &pooling, const spp_batch &batch, const char *where,
                       DataName data_name);
  spp_status set_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                      std::int64_t channels, const char *count_name);
  spp_status check_list(const spp_map *given);
  // Adds those of image k, which fit 64 bits by themselves; `name` is that of all images.
  spp_status add_bytes(const char *name, std::int64_t k, const Image &image,
                       std::int64_t &bytes) const;
  Image listed(std::int64_t k) const;
  Image window(std::int64_t k) const;
  spp_status check_region(const Pooling &pooling, std::int64_t k) const;

  std::size_t element_size_ = 0;
  bool needs_data_ = true;
  bool are_written_ = false;
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
  // Windows:
  bool are_regions_ = false;
  bool may_leave_ = false;  // SPP_BINS_ROI
  const spp_region *regions_ = nullptr;
  std::int64_t region_count_ = 0;
};

}  // namespace spp
