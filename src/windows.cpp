// Regions as images: windows of maps, checked.
#include <algorithm>
#include <cinttypes>

#include "images.hpp"
#include "status.hpp"

namespace spp {
namespace {

bool is_within(std::int64_t first, std::int64_t size, std::int64_t length) {
  return first >= 0 && size >= 1 && size <= length && first <= length - size;
}

bool is_roi(std::int64_t first, std::int64_t size) {
  return first >= -most_roi && first <= most_roi && size >= 1 && size <= most_roi;
}

// The cells of a map that the bins of a window have.  Three roundings take the last end less than
// size / 2^22 + 1 cells beyond the window.
Span roi_cells(std::int64_t first, std::int64_t size, std::int64_t length) {
  return {std::max<std::int64_t>(first, 0), std::min(first + size + size / (1 << 22) + 1, length)};
}

}  // namespace

spp_status Images::check_region(const Pooling &pooling, std::int64_t k) const {
  const spp_region &region = regions_[k];
  if (region.image < 0 || region.image >= count_)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "regions[%" PRId64 "].image is %" PRId64 ", but there are %" PRId64 " maps", k,
                region.image, count_);
  const Image image = map(region.image);
  if (pooling.bin_rule == SPP_BINS_ROI) {
    if (is_roi(region.y, region.height) && is_roi(region.x, region.width)) return SPP_OK;
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "regions[%" PRId64 "] has y %" PRId64 ", x %" PRId64 ", height %" PRId64
                ", width %" PRId64 ": sizes are from 1 to 2^32, places from -2^32 to 2^32",
                k, region.y, region.x, region.height, region.width);
  }
  if (is_within(region.y, region.height, image.height) &&
      is_within(region.x, region.width, image.width))
    return SPP_OK;
  return fail(
      SPP_ERROR_INVALID_ARGUMENT,
      "regions[%" PRId64 "] has y %" PRId64 ", x %" PRId64 ", height %" PRId64 ", width %" PRId64
      ": no window of map %" PRId64 ", which has %" PRId64 " x %" PRId64 " cells",
      k, region.y, region.x, region.height, region.width, region.image, image.height, image.width);
}

spp_status Images::take_regions(const Pooling &pooling, const spp_region *regions,
                                std::int64_t count) {
  if (count < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "count is %" PRId64 ", which is negative", count);
  if (count > 0 && regions == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "regions is NULL");
  regions_ = regions;
  region_count_ = count;
  are_regions_ = true;
  may_leave_ = pooling.bin_rule == SPP_BINS_ROI;
  std::int64_t bytes = 0;
  for (std::int64_t k = 0; k < count; ++k) {
    SPP_RETURN_IF_FAILED(check_region(pooling, k));
    SPP_RETURN_IF_FAILED(add_bytes("regions", k, window(k), bytes));
  }
  return SPP_OK;
}

Image Images::window(std::int64_t k) const {
  const spp_region &region = regions_[k];
  Image image = map(region.image);
  Span rows{region.y, region.y + region.height};
  Span columns{region.x, region.x + region.width};
  if (may_leave_) {
    rows = roi_cells(region.y, region.height, image.height);
    columns = roi_cells(region.x, region.width, image.width);
    // Wholly outside: no bin has cells.  One cell stands for none, since sizes are at least 1.
    if (rows.first >= rows.last || columns.first >= columns.last) rows = columns = {0, 1};
    image.roi = &region;
  }
  image.top = rows.first;
  image.height = rows.last - rows.first;
  image.left = columns.first;
  image.width = columns.last - columns.first;
  return image;
}

}  // namespace spp
