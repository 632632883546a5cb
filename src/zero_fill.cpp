#include "zero_fill.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace spp {

// Axes by rising stride, so that elements side by side, and axes of them, become one run.
void zero_fill(const GradientPart &part, std::int64_t element_size) {
  struct Side {
    std::int64_t size;
    std::int64_t stride;
  };
  Side axes[] = {{part.image.height, part.image.row_stride},
                 {part.image.width, part.image.column_stride},
                 {part.last - part.first, part.image.channel_stride}};
  for (Side &axis : axes)
    if (axis.size == 1) axis.stride = 0;
  std::sort(std::begin(axes), std::end(axes),
            [](const Side &a, const Side &b) { return a.stride < b.stride; });
  std::int64_t run = 1;
  for (Side &axis : axes) {
    if (axis.size != 1 && axis.stride != run) break;
    run *= std::exchange(axis.size, 1);
  }
  char *const data = part.data + part.first * part.image.channel_stride * element_size;
  const auto bytes = static_cast<std::size_t>(run * element_size);
  for (std::int64_t i = 0; i < axes[2].size; ++i)
    for (std::int64_t j = 0; j < axes[1].size; ++j)
      for (std::int64_t k = 0; k < axes[0].size; ++k)
        std::memset(
            data + (i * axes[2].stride + j * axes[1].stride + k * axes[0].stride) * element_size, 0,
            bytes);
}

}  // namespace spp
