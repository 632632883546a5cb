#include "images.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "arguments.hpp"
#include "element.hpp"
#include "status.hpp"

namespace spp {
namespace {

using Name = char[48];

// value = a * b; false if it does not fit.
bool multiply(std::int64_t a, std::int64_t b, std::int64_t &value) {
  return !__builtin_mul_overflow(a, b, &value);
}

// Bytes from the first to one past the last element of a strided box.
template <std::size_t Count>
spp_status check_extent(DataName data, const StridedAxis (&axes)[Count], std::size_t element_size,
                        std::int64_t &bytes) {
  std::int64_t elements = 1;
  for (const StridedAxis &axis : axes) {
    std::int64_t reach = 0;
    if (!multiply(axis.size - 1, axis.stride, reach) ||
        __builtin_add_overflow(elements, reach, &elements))
      return fail(SPP_ERROR_OVERFLOW,
                  "the extent of %s%s overflows 64 bits at the %s (size %" PRId64
                  ", stride %" PRId64 ")",
                  data.where, data.name, axis.name, axis.size, axis.stride);
  }
  if (!multiply(elements, static_cast<std::int64_t>(element_size), bytes))
    return fail(SPP_ERROR_OVERFLOW,
                "the extent of %s%s, %" PRId64 " elements, overflows 64 bits of bytes", data.where,
                data.name, elements);
  return SPP_OK;
}

spp_status check_size(const char *where, const char *name, std::int64_t value) {
  if (value >= 1) return SPP_OK;
  return fail(SPP_ERROR_INVALID_ARGUMENT, "%s%s is %" PRId64 "; it is at least 1", where, name,
              value);
}

spp_status check_stride(const char *where, const char *axis, std::int64_t stride) {
  if (stride >= 0) return SPP_OK;
  return fail(SPP_ERROR_INVALID_ARGUMENT,
              "%sstrides: the stride of the %s is %" PRId64 ", which is negative", where, axis,
              stride);
}

spp_status check_data(DataName name, const void *data, bool is_needed, std::size_t element_size,
                      std::int64_t bytes) {
  if (data == nullptr)
    return is_needed ? fail(SPP_ERROR_INVALID_ARGUMENT, "%s%s is NULL", name.where, name.name)
                     : SPP_OK;
  const auto address = reinterpret_cast<std::uintptr_t>(data);
  if (address % element_size != 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s%s is %p, not aligned to its %zu-byte elements",
                name.where, name.name, data, element_size);
  std::uintptr_t last = 0;
  if (__builtin_add_overflow(address, static_cast<std::uintptr_t>(bytes), &last))
    return fail(SPP_ERROR_OVERFLOW,
                "%s%s is %p, and %" PRId64 " bytes from there leave the address space", name.where,
                name.name, data, bytes);
  return SPP_OK;
}

// Rows and columns are described in the same way in a batch and in a list.
spp_status check_image(const char *where, DataName data_name, const Image &image,
                       std::int64_t channels, std::size_t element_size, std::int64_t count,
                       std::int64_t image_stride, bool needs_data) {
  const StridedAxis axes[] = {{"image", count, image_stride},
                              {"row", image.height, image.row_stride},
                              {"column", image.width, image.column_stride},
                              {"channel", channels, image.channel_stride}};
  std::int64_t bytes = static_cast<std::int64_t>(element_size);
  for (const StridedAxis &axis : axes)  // counts work: with a stride of 0 it can exceed the extent
    if (!multiply(bytes, axis.size, bytes))
      return fail(SPP_ERROR_OVERFLOW,
                  "%sheight * width * channels overflows 64 bits (%" PRId64 " maps of %" PRId64
                  " * %" PRId64 " * %" PRId64 ")",
                  where, count, image.height, image.width, channels);
  SPP_RETURN_IF_FAILED(check_extent(data_name, axes, element_size, bytes));
  return check_data(data_name, image.data, needs_data, element_size, bytes);
}

// The row, column and channel strides of a map without gaps.  They overflow only where the number of
// elements does, which is checked in any case.
void set_dense_strides(std::int32_t layout, std::int64_t channels, Image &image) {
  const auto product = [](std::int64_t a, std::int64_t b) {
    std::int64_t value = 0;
    return multiply(a, b, value) ? value : 0;
  };
  const bool planes = layout == SPP_LAYOUT_NCHW;
  image.column_stride = planes ? 1 : channels;
  image.row_stride = product(image.width, image.column_stride);
  image.channel_stride = planes ? product(image.height, image.width) : 1;
}

// A stride that leads to no other element may be any number, but the kernels multiply it: one that no
// memory has is taken as 0.
void set_strides(const std::int64_t *strides, std::int64_t channels, Image &image) {
  constexpr std::int64_t most = std::int64_t{1} << 48;
  const auto used = [](std::int64_t stride, std::int64_t size) {
    return size == 1 && stride > most ? 0 : stride;
  };
  image.row_stride = used(strides[0], image.height);
  image.column_stride = used(strides[1], image.width);
  image.channel_stride = used(strides[2], channels);
}

spp_status check_valid(const char *name, const std::int64_t *sizes, std::int64_t count,
                       std::int64_t most) {
  if (sizes == nullptr) return SPP_OK;
  for (std::int64_t k = 0; k < count; ++k)
    if (sizes[k] < 1 || sizes[k] > most)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "maps->%s[%" PRId64 "] is %" PRId64 ", not from 1 to %" PRId64, name, k, sizes[k],
                  most);
  return SPP_OK;
}

}  // namespace

spp_status Images::from_batch(const Pooling &pooling, const spp_batch *given, Images &images,
                              const char *where, bool is_read) {
  spp_batch batch;
  SPP_RETURN_IF_FAILED(read_struct("maps", given, batch));
  images.needs_data_ = is_read;
  return images.set_batch(pooling, batch, where, {where, "data"});
}

spp_status Images::gradients_of_batch(const Pooling &pooling, const spp_batch *given,
                                      void *map_gradients, Images &images) {
  spp_batch batch;
  SPP_RETURN_IF_FAILED(read_struct("maps", given, batch));
  batch.data = map_gradients;
  images.are_written_ = true;
  return images.set_batch(pooling, batch, "maps->", {"", "map_gradients"});
}

spp_status Images::set_batch(const Pooling &pooling, const spp_batch &batch, const char *where,
                             DataName data_name) {
  if (batch.count < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "maps->count is %" PRId64 ", which is negative",
                batch.count);
  SPP_RETURN_IF_FAILED(check_size(where, "height", batch.height));
  SPP_RETURN_IF_FAILED(check_size(where, "width", batch.width));
  SPP_RETURN_IF_FAILED(check_size(where, "channels", batch.channels));
  Image &image = image_;
  image = {static_cast<const char *>(batch.data), batch.height, batch.width, 0, 0, 0, batch.width};
  if (batch.strides == nullptr) {
    set_dense_strides(pooling.layout, batch.channels, image);
    if (!multiply(batch.height, batch.width, image_stride_) ||
        !multiply(image_stride_, batch.channels, image_stride_))
      return fail(SPP_ERROR_OVERFLOW,
                  "%sheight * width * channels overflows 64 bits (%" PRId64 " * %" PRId64
                  " * %" PRId64 ")",
                  where, batch.height, batch.width, batch.channels);
  } else {
    SPP_RETURN_IF_FAILED(check_stride(where, "image", batch.strides[0]));
    SPP_RETURN_IF_FAILED(check_stride(where, "row", batch.strides[1]));
    SPP_RETURN_IF_FAILED(check_stride(where, "column", batch.strides[2]));
    SPP_RETURN_IF_FAILED(check_stride(where, "channel", batch.strides[3]));
    image_stride_ = batch.strides[0];
    set_strides(batch.strides + 1, batch.channels, image);
  }
  element_size_ = pooling.element->size;
  count_ = batch.count;
  channels_ = batch.channels;
  if (batch.count == 0) return SPP_OK;
  heights_ = batch.valid_heights;
  widths_ = batch.valid_widths;
  SPP_RETURN_IF_FAILED(
      check_valid("valid_heights", batch.valid_heights, batch.count, batch.height));
  SPP_RETURN_IF_FAILED(check_valid("valid_widths", batch.valid_widths, batch.count, batch.width));
  return check_image(where, data_name, image, batch.channels, element_size_, batch.count,
                     image_stride_, needs_data_);
}

spp_status Images::from_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                             std::int64_t channels, Images &images, const char *count_name,
                             bool is_read) {
  images.needs_data_ = is_read;
  return images.set_list(pooling, given, count, channels, count_name);
}

spp_status Images::gradients_of_list(const Pooling &pooling, const spp_map *given,
                                     std::int64_t count, std::int64_t channels,
                                     void *const *map_gradients, Images &images,
                                     const char *count_name) {
  if (count > 0 && map_gradients == nullptr)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "map_gradients is NULL");
  images.places_ = map_gradients;
  images.are_written_ = true;
  return images.set_list(pooling, given, count, channels, count_name);
}

spp_status Images::set_list(const Pooling &pooling, const spp_map *given, std::int64_t count,
                            std::int64_t channels, const char *count_name) {
  if (count < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s is %" PRId64 ", which is negative", count_name,
                count);
  SPP_RETURN_IF_FAILED(check_size("", "channels", channels));
  element_size_ = pooling.element->size;
  count_ = count;
  channels_ = channels;
  layout_ = pooling.layout;
  return count == 0 ? SPP_OK : check_list(given);
}

spp_status Images::check_list(const spp_map *given) {
  if (given == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "maps is NULL");
  std::memcpy(&map_size_, given, sizeof map_size_);
  maps_ = reinterpret_cast<const char *>(given);
  std::int64_t bytes = 0;
  for (std::int64_t k = 0; k < count_; ++k) {
    Name where;
    std::snprintf(where, sizeof where, "maps[%" PRId64 "]", k);
    spp_map map;
    const char *given_map = maps_ + static_cast<std::size_t>(k) * map_size_;
    SPP_RETURN_IF_FAILED(read_struct(where, reinterpret_cast<const spp_map *>(given_map), map));
    if (map.struct_size != map_size_)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "%s.struct_size is %zu, but maps[0] has %zu: all are the same", where,
                  map.struct_size, map_size_);
    std::snprintf(where, sizeof where, "maps[%" PRId64 "].", k);
    SPP_RETURN_IF_FAILED(check_size(where, "height", map.height));
    SPP_RETURN_IF_FAILED(check_size(where, "width", map.width));
    if (map.strides != nullptr) {
      SPP_RETURN_IF_FAILED(check_stride(where, "row", map.strides[0]));
      SPP_RETURN_IF_FAILED(check_stride(where, "column", map.strides[1]));
      SPP_RETURN_IF_FAILED(check_stride(where, "channel", map.strides[2]));
    }
    DataName data_name{where, "data"};
    Name place;
    if (places_ != nullptr) {
      std::snprintf(place, sizeof place, "map_gradients[%" PRId64 "]", k);
      data_name = {"", place};
    }
    const Image image = this->map(k);
    SPP_RETURN_IF_FAILED(
        check_image(where, data_name, image, channels_, element_size_, 1, 0, needs_data_));
    SPP_RETURN_IF_FAILED(add_bytes("maps", k, image, bytes));
  }
  return SPP_OK;
}

spp_status Images::add_bytes(const char *name, std::int64_t k, const Image &image,
                             std::int64_t &bytes) const {
  const std::int64_t own = image_bytes(image, channels_, static_cast<std::int64_t>(element_size_));
  if (__builtin_add_overflow(bytes, own, &bytes))
    return fail(SPP_ERROR_OVERFLOW,
                "the cells of %s[0] to %s[%" PRId64 "] overflow 64 bits of bytes", name, name, k);
  return SPP_OK;
}

Image Images::listed(std::int64_t k) const {
  spp_map map;
  std::memcpy(&map, maps_ + static_cast<std::size_t>(k) * map_size_,
              std::min(map_size_, sizeof map));
  const void *const data = places_ != nullptr ? places_[k] : map.data;
  Image image{static_cast<const char *>(data), map.height, map.width, 0, 0, 0, map.width};
  if (map.strides == nullptr) {
    set_dense_strides(layout_, channels_, image);
  } else {
    set_strides(map.strides, channels_, image);
  }
  return image;
}

void Images::extent(std::int64_t k, std::uintptr_t &first, std::uintptr_t &last) const {
  const Image image = are_written_ ? whole(k) : map(k);
  const std::int64_t elements = 1 + (image.height - 1) * image.row_stride +
                                (image.width - 1) * image.column_stride +
                                (channels_ - 1) * image.channel_stride;
  first = reinterpret_cast<std::uintptr_t>(image.data);
  last = first + static_cast<std::uintptr_t>(elements) * element_size_;
}

std::int64_t Images::first_of_wide_positions() const {
  constexpr std::int64_t most_cells = std::int64_t{1} << 31;
  const std::int64_t sizes = is_list() ? count_ : std::min<std::int64_t>(count_, 1);
  for (std::int64_t k = 0; k < sizes; ++k) {
    const Image image = whole(k);
    if (image.height > most_cells / image.width) return k;
  }
  return -1;
}

}  // namespace spp
