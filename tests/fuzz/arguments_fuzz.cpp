// Structs and arrays of arbitrary bytes: a call must return a status, and may read and write nothing
// but what a description that it accepts describes.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "fuzz/draw.hpp"
#include "spp.h"

namespace {

// Mostly a value that makes sense, sometimes any.
template <typename T>
T some(Draw &draw, T least, T most) {
  if (draw.one_in(40)) return draw.any<T>();
  return draw.within<T>(least, most);
}

template <typename Struct>
Struct sized(Draw &draw) {
  Struct result = {};
  result.struct_size = sizeof result;
  if (draw.one_in(31)) result.struct_size = draw.within<std::size_t>(0, sizeof result);
  return result;
}

constexpr std::int64_t most_cells = 1 << 20;  // with strides of 0 they need no room, but time

// Elements from the first to the last described one.  What overflows is to be refused.
bool fits(const spp_batch &batch, const std::int64_t *strides, std::int64_t room) {
  const std::int64_t sizes[] = {batch.count, batch.height, batch.width, batch.channels};
  std::int64_t elements = 1;
  std::int64_t cells = 1;  // of a map
  for (int k = 0; k < 4; ++k) {
    std::int64_t reach = 0;
    if (sizes[k] < 0 || (k > 0 && __builtin_mul_overflow(cells, sizes[k], &cells)) ||
        __builtin_mul_overflow(sizes[k] - 1, strides[k], &reach) ||
        __builtin_add_overflow(elements, reach, &elements) || reach < 0)
      return true;
  }
  return elements <= room && cells <= most_cells / std::max<std::int64_t>(1, batch.count);
}

constexpr std::int64_t room = 1 << 14;

// The other calls that take the same maps; the rows' memory has their gradient, too.
void call_others(Draw &draw, const spp_pooling *pooling, const spp_batch &batch,
                 const spp_output &rows, const spp_argmax &argmax, const spp_execution &execution,
                 void *map_gradients) {
  spp_region regions[2];
  for (spp_region &region : regions)
    region = {some<std::int64_t>(draw, 0, 1), some<std::int64_t>(draw, 0, 3),
              some<std::int64_t>(draw, 0, 3), some<std::int64_t>(draw, 1, 6),
              some<std::int64_t>(draw, 1, 6)};
  const auto count = some<std::int64_t>(draw, 0, 2);
  auto gradient = sized<spp_gradient>(draw);
  gradient.data = rows.data;
  gradient.capacity = rows.capacity;
  gradient.row_stride = rows.row_stride;
  if (count <= 2) {
    spp_pool_regions(pooling, &batch, regions, count, &rows, draw.coin() ? nullptr : &argmax,
                     &execution);
  }
  const auto position = some<std::int64_t>(draw, -1, 30);
  std::fill_n(static_cast<std::int64_t *>(argmax.data), room, position);
  spp_backward(pooling, &gradient, &argmax, &batch, map_gradients, &execution);
  if (count <= 2)
    spp_backward_regions(pooling, &gradient, &argmax, &batch, regions, count, map_gradients,
                         &execution);
  std::int64_t length = 0;
  spp_pooling_output_length(pooling, batch.channels, &length);
  std::vector<spp_rectangle> rectangles(draw.within<std::size_t>(0, 200));
  spp_pooling_rectangles(pooling, batch.height, batch.width, rectangles.data(),
                         static_cast<std::int64_t>(rectangles.size()));
  std::vector<std::int64_t> permutation(draw.within<std::size_t>(0, 2000));
  spp_pooling_permutation(pooling, batch.channels, permutation.data(),
                          static_cast<std::int64_t>(permutation.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  Draw draw(data, size);
  std::vector<spp_level> levels(draw.within<std::size_t>(0, 3));
  for (spp_level &level : levels)
    level = {some<std::int32_t>(draw, 1, 8), some<std::int32_t>(draw, 1, 8)};
  auto options = sized<spp_options>(draw);
  options.levels = levels.data();
  options.level_count = static_cast<std::int64_t>(levels.size());
  options.bin_rule = some<std::int32_t>(draw, 0, 2);
  options.order = some<std::int32_t>(draw, 0, 1);
  options.element_type = some<std::int32_t>(draw, 0, 8);
  options.layout = some<std::int32_t>(draw, 0, 1);
  options.nan_policy = some<std::int32_t>(draw, 0, 1);
  options.empty_policy = some<std::int32_t>(draw, 0, 2);
  options.tier = some<std::int32_t>(draw, 0, 0);
  spp_pooling *pooling = nullptr;
  if (spp_pooling_create(&options, &pooling) != SPP_OK) return 0;

  static std::vector<double> input(room), output(room);
  static std::vector<std::int64_t> positions(room);
  auto batch = sized<spp_batch>(draw);
  batch.data = draw.one_in(21) ? nullptr : input.data();
  batch.count = some<std::int64_t>(draw, 0, 3);
  batch.height = some<std::int64_t>(draw, 1, 12);
  batch.width = some<std::int64_t>(draw, 1, 12);
  batch.channels = some<std::int64_t>(draw, 1, 20);
  std::int64_t strides[4];
  for (std::int64_t &stride : strides) stride = some<std::int64_t>(draw, 0, 300);
  std::int64_t heights[3], widths[3];
  for (int k = 0; k < 3; ++k) {
    heights[k] = some<std::int64_t>(draw, 1, 12);
    widths[k] = some<std::int64_t>(draw, 1, 12);
  }
  const bool has_strides = draw.coin();
  if (has_strides) batch.strides = strides;
  if (batch.count <= 3 && draw.coin()) batch.valid_heights = heights;
  if (batch.count <= 3 && draw.coin()) batch.valid_widths = widths;
  const bool readable = has_strides ? fits(batch, strides, room)
                                    : batch.count <= 3 && batch.height <= 12 && batch.width <= 12 &&
                                          batch.channels <= 20;
  auto rows = sized<spp_output>(draw);
  rows.data = draw.one_in(21) ? nullptr : output.data();
  rows.capacity = std::min<std::int64_t>(some<std::int64_t>(draw, 0, room), room);
  rows.row_stride = some<std::int64_t>(draw, 0, 5000);
  auto argmax = sized<spp_argmax>(draw);
  argmax.data = positions.data();
  argmax.capacity = std::min<std::int64_t>(some<std::int64_t>(draw, 0, room), room);
  argmax.row_stride = some<std::int64_t>(draw, 0, 5000);
  argmax.index_type = some<std::int32_t>(draw, 0, 1);
  auto execution = sized<spp_execution>(draw);
  execution.thread_limit = some<std::int32_t>(draw, 0, 2);
  if (readable) {
    spp_pool(pooling, &batch, &rows, &execution);
    spp_pool_argmax(pooling, &batch, &rows, &argmax, &execution);
    call_others(draw, pooling, batch, rows, argmax, execution, input.data());
  }
  spp_pooling_destroy(pooling);
  return 0;
}
