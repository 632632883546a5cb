// Structs and arrays of arbitrary bytes: a call must return a status, and may read and write nothing
// but what a description that it accepts describes.

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "spp.h"

namespace {

// Mostly a value that makes sense, sometimes any.
template <typename T>
T some(FuzzedDataProvider &bytes, T least, T most) {
  if (bytes.ConsumeIntegralInRange<int>(0, 9) == 0) return bytes.ConsumeIntegral<T>();
  return bytes.ConsumeIntegralInRange<T>(least, most);
}

template <typename Struct>
Struct sized(FuzzedDataProvider &bytes) {
  Struct result = {};
  result.struct_size = sizeof result;
  if (bytes.ConsumeIntegralInRange<int>(0, 30) == 0)
    result.struct_size = bytes.ConsumeIntegralInRange<std::size_t>(0, sizeof result);
  return result;
}

// Elements from the first to the last described one; too many if that overflows.
bool fits(const spp_batch &batch, const std::int64_t *strides, std::int64_t room) {
  const std::int64_t sizes[] = {batch.count, batch.height, batch.width, batch.channels};
  std::int64_t elements = 1;
  for (int k = 0; k < 4; ++k) {
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(sizes[k] - 1, strides[k], &reach) ||
        __builtin_add_overflow(elements, reach, &elements) || reach < 0)
      return true;  // to be refused
  }
  return elements <= room;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  std::vector<spp_level> levels(bytes.ConsumeIntegralInRange<std::size_t>(0, 3));
  for (spp_level &level : levels)
    level = {some<std::int32_t>(bytes, 1, 8), some<std::int32_t>(bytes, 1, 8)};
  auto options = sized<spp_options>(bytes);
  options.levels = levels.data();
  options.level_count = static_cast<std::int64_t>(levels.size());
  options.bin_rule = some<std::int32_t>(bytes, 0, 1);
  options.order = some<std::int32_t>(bytes, 0, 1);
  options.element_type = some<std::int32_t>(bytes, 0, 8);
  options.layout = some<std::int32_t>(bytes, 0, 1);
  options.nan_policy = some<std::int32_t>(bytes, 0, 1);
  options.empty_policy = some<std::int32_t>(bytes, 0, 2);
  options.tier = some<std::int32_t>(bytes, 0, 0);
  spp_pooling *pooling = nullptr;
  if (spp_pooling_create(&options, &pooling) != SPP_OK) return 0;

  constexpr std::int64_t room = 1 << 14;
  static std::vector<double> input(room), output(room), positions(room);
  auto batch = sized<spp_batch>(bytes);
  batch.data = bytes.ConsumeIntegralInRange<int>(0, 20) == 0 ? nullptr : input.data();
  batch.count = some<std::int64_t>(bytes, 0, 3);
  batch.height = some<std::int64_t>(bytes, 1, 12);
  batch.width = some<std::int64_t>(bytes, 1, 12);
  batch.channels = some<std::int64_t>(bytes, 1, 20);
  std::int64_t strides[4];
  for (std::int64_t &stride : strides) stride = some<std::int64_t>(bytes, 0, 300);
  std::int64_t heights[3], widths[3];
  for (int k = 0; k < 3; ++k) {
    heights[k] = some<std::int64_t>(bytes, 1, 12);
    widths[k] = some<std::int64_t>(bytes, 1, 12);
  }
  const bool has_strides = bytes.ConsumeBool();
  if (has_strides) batch.strides = strides;
  if (batch.count <= 3 && bytes.ConsumeBool()) batch.valid_heights = heights;
  if (batch.count <= 3 && bytes.ConsumeBool()) batch.valid_widths = widths;
  const bool readable = has_strides ? fits(batch, strides, room)
                                    : batch.count <= 3 && batch.height <= 12 && batch.width <= 12 &&
                                          batch.channels <= 20;
  auto rows = sized<spp_output>(bytes);
  rows.data = bytes.ConsumeIntegralInRange<int>(0, 20) == 0 ? nullptr : output.data();
  rows.capacity = std::min<std::int64_t>(some<std::int64_t>(bytes, 0, room), room);
  rows.row_stride = some<std::int64_t>(bytes, 0, 5000);
  auto argmax = sized<spp_argmax>(bytes);
  argmax.data = positions.data();
  argmax.capacity = std::min<std::int64_t>(some<std::int64_t>(bytes, 0, room), room);
  argmax.row_stride = some<std::int64_t>(bytes, 0, 5000);
  argmax.index_type = some<std::int32_t>(bytes, 0, 1);
  auto execution = sized<spp_execution>(bytes);
  execution.thread_limit = some<std::int32_t>(bytes, 0, 2);
  if (readable) {
    spp_pool(pooling, &batch, &rows, &execution);
    spp_pool_argmax(pooling, &batch, &rows, &argmax, &execution);
  }
  spp_pooling_destroy(pooling);
  return 0;
}
