#include "projections.hpp"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <limits>

#include "environment.hpp"
#include "status.hpp"

namespace spp {
namespace {

constexpr float most_coordinate = 1073741824.0F;  // 2^30

// The cells first to last, both included.
struct Cells {
  std::int64_t first;
  std::int64_t last;
};

bool is_coordinate(float value) { return std::fabs(value) <= most_coordinate; }  // no for NaN

// Whether the regions share memory with an array of so many bytes; NULL: none.
bool overlaps(const Boxes &boxes, const void *array, std::int64_t bytes) {
  const auto first = reinterpret_cast<std::uintptr_t>(array);
  const auto regions = reinterpret_cast<std::uintptr_t>(boxes.regions);
  const auto regions_bytes = static_cast<std::uintptr_t>(boxes.count) * sizeof(spp_region);
  return array != nullptr && first < regions + regions_bytes &&
         regions < first + static_cast<std::uintptr_t>(bytes);
}

spp_status check(const Boxes &boxes, const char *name, float factor) {
  if (!(factor > 0.0F) || !std::isfinite(factor))
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s is %g; it is finite and above 0", name,
                static_cast<double>(factor));
  if (boxes.count < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "count is %" PRId64 ", which is negative", boxes.count);
  if (boxes.count == 0) return SPP_OK;
  if (boxes.corners == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "boxes is NULL");
  if (boxes.regions == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "regions is NULL");
  constexpr std::int64_t most =
      std::numeric_limits<std::int64_t>::max() / std::int64_t{sizeof(spp_region)};
  if (boxes.count > most)
    return fail(SPP_ERROR_OVERFLOW,
                "count is %" PRId64 ": so many regions overflow 64 bits of bytes", boxes.count);
  if (overlaps(boxes, boxes.corners, boxes.count * std::int64_t{4 * sizeof(float)}))
    return fail(SPP_ERROR_INVALID_ARGUMENT, "regions at %p overlaps boxes at %p",
                static_cast<void *>(boxes.regions), static_cast<const void *>(boxes.corners));
  if (overlaps(boxes, boxes.images, boxes.count * std::int64_t{sizeof(std::int64_t)}))
    return fail(SPP_ERROR_INVALID_ARGUMENT, "regions at %p overlaps images at %p",
                static_cast<void *>(boxes.regions), static_cast<const void *>(boxes.images));
  return SPP_OK;
}

// `scale` takes a coordinate to cells, in one float32 step; `cells` gives the cells between two of
// these, along the rows if `vertical`.
template <class Scale, class Axis>
spp_status project(const Boxes &boxes, Scale scale, Axis cells) {
  for (std::int64_t k = 0; k < 4 * boxes.count; ++k) {
    constexpr const char *names[] = {"x1", "y1", "x2", "y2"};
    const float value = boxes.corners[k];
    if (!is_coordinate(value) || !is_coordinate(scale(value)))
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "boxes[%" PRId64 "].%s is %g, in cells %g: not finite, or beyond 2^30", k / 4,
                  names[k % 4], static_cast<double>(value), static_cast<double>(scale(value)));
  }
  for (std::int64_t k = 0; k < boxes.count; ++k) {
    const float *const box = boxes.corners + 4 * k;
    const Cells columns = cells(scale(box[0]), scale(box[2]), false);
    const Cells rows = cells(scale(box[1]), scale(box[3]), true);
    boxes.regions[k] = {boxes.images == nullptr ? 0 : boxes.images[k], rows.first, columns.first,
                        rows.last - rows.first + 1, columns.last - columns.first + 1};
  }
  return SPP_OK;
}

}  // namespace

spp_status project_paper(const Boxes &boxes, float stride, std::int64_t height,
                         std::int64_t width) {
  const DefaultFloatEnvironment environment;
  SPP_RETURN_IF_FAILED(check(boxes, "stride", stride));
  if (height < 1)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "height is %" PRId64 "; it is at least 1", height);
  if (width < 1)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "width is %" PRId64 "; it is at least 1", width);
  return project(
      boxes, [=](float value) { return value / stride; },
      [=](float first, float last, bool vertical) {
        const auto in_map = [size = vertical ? height : width](std::int64_t cell) {
          return std::clamp<std::int64_t>(cell, 0, size - 1);
        };
        Cells cells{in_map(std::llround(std::floor(first)) + 1),
                    in_map(std::llround(std::ceil(last)) - 1)};
        if (cells.last < cells.first) cells.first = cells.last = (cells.first + cells.last) / 2;
        return cells;
      });
}

spp_status project_roi_pool(const Boxes &boxes, float scale) {
  const DefaultFloatEnvironment environment;
  SPP_RETURN_IF_FAILED(check(boxes, "spatial_scale", scale));
  return project(
      boxes, [=](float value) { return value * scale; },
      [](float first, float last, bool) {
        const Cells cells{std::llround(first), std::llround(last)};
        return Cells{cells.first, std::max(cells.first, cells.last)};
      });
}

}  // namespace spp
