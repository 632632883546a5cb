// Gradients with any description within a memory bound and positions of any origin, compared with the
// oracle; and positions of arbitrary bytes, which must be refused or written within the maps.

#include "fuzz/any.hpp"
#include "support/gradient_scenario.hpp"
#include "support/guarded.hpp"

namespace {

GradientScenario any_scenario(FuzzedDataProvider &bytes) {
  GradientScenario scenario;
  scenario.recipe = any_recipe(bytes);
  scenario.recipe.index_type.reset();
  scenario.recipe.element_type = bytes.ConsumeIntegralInRange<std::int32_t>(SPP_F32, SPP_BF16);
  std::int64_t budget = most_elements;
  Scenario shape;
  shape.count = size_within(bytes, 4, budget);
  shape.channels = size_within(bytes, 300, budget);
  shape.height = size_within(bytes, 100, budget);
  shape.width = size_within(bytes, 100, budget);
  GradientMap map = {shape.height, shape.width, {}};
  if (bytes.ConsumeBool()) map.strides = any_strides(bytes, shape, false);
  scenario.channels = shape.channels;
  scenario.maps.assign(static_cast<std::size_t>(shape.count), map);
  for (GradientMap &valid : scenario.maps) {
    if (!bytes.ConsumeBool()) continue;
    valid.valid_height = bytes.ConsumeIntegralInRange<std::int64_t>(1, shape.height);
    valid.valid_width = bytes.ConsumeIntegralInRange<std::int64_t>(1, shape.width);
  }
  scenario.index_type = bytes.ConsumeIntegralInRange<std::int32_t>(0, 1);
  scenario.origin = any_of<Origin>(bytes, origin_count);
  scenario.paint = any_of<Paint>(bytes, paint_count);
  scenario.placement = any_of<Placement>(bytes, placement_count);
  scenario.gradient_gap = bytes.ConsumeIntegralInRange<std::int64_t>(0, 3);
  scenario.argmax_gap = bytes.ConsumeIntegralInRange<std::int64_t>(0, 3);
  scenario.by_regions = bytes.ConsumeIntegralInRange<int>(0, 2) == 0;
  for (int k = bytes.ConsumeIntegralInRange<int>(0, 5); scenario.by_regions && k > 0; --k) {
    const auto image = bytes.ConsumeIntegralInRange<std::size_t>(0, scenario.maps.size() - 1);
    scenario.regions.push_back({static_cast<std::int64_t>(image), 0, 0, 1, 1});
  }
  return scenario;
}

constexpr std::int64_t height = 5, width = 7, channels = 19, length = 5 * channels;

// A small map between guard pages.
void write_from_any_positions(FuzzedDataProvider &bytes) {
  static GuardedBuffer maps(1 << 16);
  static GuardedBuffer rows(1 << 16);
  const std::vector<spp_level> levels = square({2, 1});
  spp_options options = options_for(levels);
  options.order = bytes.ConsumeIntegralInRange<std::int32_t>(0, 1);
  const Pooling pooling(options);
  const bool wide = bytes.ConsumeBool();
  std::vector<std::int64_t> positions(length);
  for (std::int64_t &position : positions) {
    position = bytes.ConsumeIntegralInRange<std::int64_t>(-1, height * width - 1);
    if (bytes.ConsumeIntegralInRange<int>(0, 200) == 1) position = bytes.ConsumeIntegral<int>();
  }
  std::vector<std::int32_t> narrow(positions.begin(), positions.end());
  spp_gradient gradient = {};
  gradient.struct_size = sizeof gradient;
  gradient.data = rows.place(length, sizeof(float), Placement::flush_end, 0);
  gradient.capacity = length;
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = wide ? static_cast<void *>(positions.data()) : narrow.data();
  argmax.capacity = length;
  argmax.index_type = wide ? SPP_INDEX_I64 : SPP_INDEX_I32;
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.count = 1;
  batch.height = height;
  batch.width = width;
  batch.channels = channels;
  char *map = maps.place(height * width * channels, sizeof(float), Placement::flush_end, 0x5a);
  const spp_status status = spp_backward(pooling, &gradient, &argmax, &batch, map, nullptr);
  const bool fits = std::all_of(positions.begin(), positions.end(), [](std::int64_t position) {
    return position >= -1 && position < height * width;
  });
  if (status != (fits ? SPP_OK : SPP_ERROR_INVALID_ARGUMENT) || !maps.margins_hold()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  if (bytes.ConsumeIntegralInRange<int>(0, 3) == 0)
    write_from_any_positions(bytes);
  else
    agree_on_all_tiers(any_scenario(bytes));
  return 0;
}
