// Calls with any description within a memory bound: each must give the oracle's bits or say what is
// wrong, on every tier of the machine, and touch nothing outside of what was described.

#include "fuzz/any.hpp"

namespace {

Scenario any_scenario(FuzzedDataProvider &bytes) {
  Scenario scenario;
  scenario.recipe = any_recipe(bytes);
  std::int64_t budget = most_elements;
  scenario.count = size_within(bytes, 4, budget);
  scenario.channels = size_within(bytes, 300, budget);
  scenario.height = size_within(bytes, 100, budget);
  scenario.width = size_within(bytes, 100, budget);
  if (bytes.ConsumeBool()) scenario.strides = any_strides(bytes, scenario, true);
  for (std::int64_t k = 0; k < scenario.count && bytes.ConsumeBool(); ++k) {
    scenario.valid_heights.assign(static_cast<std::size_t>(scenario.count), scenario.height);
    scenario.valid_widths.assign(static_cast<std::size_t>(scenario.count), scenario.width);
    scenario.valid_heights[static_cast<std::size_t>(k)] =
        bytes.ConsumeIntegralInRange<std::int64_t>(1, scenario.height);
    scenario.valid_widths[static_cast<std::size_t>(k)] =
        bytes.ConsumeIntegralInRange<std::int64_t>(1, scenario.width);
  }
  scenario.paint = any_of<Paint>(bytes, paint_count);
  scenario.input_placement = any_of<Placement>(bytes, placement_count);
  scenario.output_placement = any_of<Placement>(bytes, placement_count);
  scenario.output_gap = bytes.ConsumeIntegralInRange<std::int64_t>(0, 3);
  return scenario;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  agree_on_all_tiers(any_scenario(bytes));
  return 0;
}
