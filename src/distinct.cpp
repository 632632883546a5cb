#include "distinct.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

#include "status.hpp"

namespace spp {
namespace {

// Each stride must exceed the reach of all smaller ones.  That is enough for distinct addresses, and
// what arrays, their slices, crops and transposes have; arrangements that interlock in another way
// are refused with those that collide.
template <std::size_t Count>
spp_status check_axes(const char *where, std::array<StridedAxis, Count> axes) {
  std::sort(axes.begin(), axes.end(),
            [](const StridedAxis &a, const StridedAxis &b) { return a.stride < b.stride; });
  std::int64_t reach = 0;
  for (const StridedAxis &axis : axes) {
    if (axis.size == 1) continue;
    if (axis.stride <= reach)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "%sstrides: with the stride of the %s, %" PRId64 " for %" PRId64
                  " of them, elements of the gradient could share an address",
                  where, axis.name, axis.stride, axis.size);
    reach += (axis.size - 1) * axis.stride;
  }
  return SPP_OK;
}

// An axis of two maps at once.
struct Shared {
  std::int64_t stride;
  std::int64_t size_a;
  std::int64_t size_b;
};

// Can `distance`, from an element of a to one of b, be made of steps along the axes from `axis` on?
// As the strides of a map exceed the reach of the smaller ones, hardly ever more than two numbers of
// steps come into question; where many do, yes is the safe answer.
bool can_meet(const std::array<Shared, 3> &axes, std::size_t axis, std::int64_t distance) {
  if (axis == axes.size()) return distance == 0;
  std::int64_t below_a = 0;
  std::int64_t below_b = 0;
  for (std::size_t k = axis + 1; k < axes.size(); ++k) {
    below_a += (axes[k].size_a - 1) * axes[k].stride;
    below_b += (axes[k].size_b - 1) * axes[k].stride;
  }
  const Shared &own = axes[axis];
  if (own.stride == 0) return can_meet(axes, axis + 1, distance);
  const std::int64_t first = std::max((distance - below_a) / own.stride, 1 - own.size_b);
  const std::int64_t last = std::min((distance + below_b) / own.stride, own.size_a - 1);
  if (last - first > 64) return true;
  for (std::int64_t steps = first; steps <= last; ++steps) {
    const std::int64_t rest = distance - steps * own.stride;
    if (-rest <= below_b && rest <= below_a && can_meet(axes, axis + 1, rest)) return true;
  }
  return false;
}

// Maps whose ranges of addresses overlap: parts of one array, or the same elements.  Maps that lie
// in different ways are not compared any further.
bool share_elements(const Image &a, const Image &b, std::int64_t channels, std::int64_t size) {
  const std::int64_t strides_a[] = {a.row_stride, a.column_stride, a.channel_stride};
  const std::int64_t strides_b[] = {b.row_stride, b.column_stride, b.channel_stride};
  std::array<Shared, 3> axes = {
      {{0, a.height, b.height}, {0, a.width, b.width}, {0, channels, channels}}};
  for (std::size_t k = 0; k < axes.size(); ++k) {
    Shared &axis = axes[k];
    if (axis.size_a != 1 && axis.size_b != 1 && strides_a[k] != strides_b[k]) return true;
    if (axis.size_a != 1) axis.stride = strides_a[k];
    if (axis.size_b != 1) axis.stride = strides_b[k];
  }
  std::sort(axes.begin(), axes.end(),
            [](const Shared &x, const Shared &y) { return x.stride > y.stride; });
  return can_meet(axes, 0, (b.data - a.data) / size);
}

struct Extent {
  std::uintptr_t first;
  std::uintptr_t last;
  std::int64_t map;
};

// Maps in the order of their first elements; each is compared with those before it that reach it.
spp_status check_list(const Images &images, Extent *extents, Extent *open) {
  for (std::int64_t k = 0; k < images.map_count(); ++k) {
    extents[k].map = k;
    images.extent(k, extents[k].first, extents[k].last);
  }
  std::sort(extents, extents + images.map_count(), [](const Extent &a, const Extent &b) {
    return a.first != b.first ? a.first < b.first : a.map < b.map;
  });
  const auto size = static_cast<std::int64_t>(images.element_size());
  Extent *last_open = open;
  for (std::int64_t k = 0; k < images.map_count(); ++k) {
    const Extent &extent = extents[k];
    last_open = std::remove_if(open, last_open,
                               [&](const Extent &other) { return other.last <= extent.first; });
    for (const Extent *other = open; other != last_open; ++other)
      if (share_elements(images.whole(other->map), images.whole(extent.map), images.channels(),
                         size))
        return fail(SPP_ERROR_INVALID_ARGUMENT,
                    "map_gradients[%" PRId64 "] at %p overlaps map_gradients[%" PRId64 "] at %p",
                    extent.map, reinterpret_cast<void *>(extent.first), other->map,
                    reinterpret_cast<void *>(other->first));
    *last_open++ = extent;
  }
  return SPP_OK;
}

}  // namespace

spp_status check_distinct(const Pooling &pooling, const Images &images) {
  const auto axes = [&](std::int64_t k) {
    const Image image = images.whole(k);
    return std::array<StridedAxis, 3>{{{"row", image.height, image.row_stride},
                                       {"column", image.width, image.column_stride},
                                       {"channel", images.channels(), image.channel_stride}}};
  };
  if (!images.is_list()) {
    const auto [row, column, channel] = axes(0);
    return check_axes(
        "maps->",
        std::array<StridedAxis, 4>{
            {{"image", images.map_count(), images.image_stride()}, row, column, channel}});
  }
  for (std::int64_t k = 0; k < images.map_count(); ++k) {
    char where[48];
    std::snprintf(where, sizeof where, "maps[%" PRId64 "].", k);
    SPP_RETURN_IF_FAILED(check_axes(where, axes(k)));
  }
  if (images.map_count() == 1) return SPP_OK;
  const auto count = static_cast<std::size_t>(images.map_count());
  const ScratchCache::Block block = pooling.scratch.take(2 * count * sizeof(Extent));
  if (!block) return fail(SPP_ERROR_OUT_OF_MEMORY, "out of memory to compare %zu maps", count);
  Extent *const extents = reinterpret_cast<Extent *>(block.data());
  return check_list(images, extents, extents + count);
}

}  // namespace spp
