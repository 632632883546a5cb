// Calls with any description within a memory bound: each must give the oracle's bits or say what is
// wrong, on every tier of the machine, and touch nothing outside of what was described.

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "support/pooling.hpp"
#include "support/scenario.hpp"

namespace {

constexpr std::int64_t most_cells = 3000;  // of all maps together, times channels

std::int64_t size_within(FuzzedDataProvider &bytes, std::int64_t most, std::int64_t &budget) {
  const std::int64_t limit = std::max<std::int64_t>(1, std::min(most, budget));
  const auto size = bytes.ConsumeIntegralInRange<std::int64_t>(1, limit);
  budget /= size;
  return size;
}

Recipe any_recipe(FuzzedDataProvider &bytes) {
  Recipe recipe;
  const int levels = bytes.ConsumeIntegralInRange<int>(1, 4);
  for (int k = 0; k < levels; ++k) {
    const auto rows = bytes.ConsumeIntegralInRange<std::int32_t>(1, 14);
    const bool square_level = bytes.ConsumeBool();
    recipe.levels.push_back(
        {rows, square_level ? rows : bytes.ConsumeIntegralInRange<std::int32_t>(1, 14)});
  }
  recipe.bin_rule = bytes.ConsumeIntegralInRange<std::int32_t>(0, 1);
  recipe.order = bytes.ConsumeIntegralInRange<std::int32_t>(0, 1);
  recipe.nan_policy = bytes.ConsumeIntegralInRange<std::int32_t>(0, 1);
  recipe.empty_policy = bytes.ConsumeIntegralInRange<std::int32_t>(0, 2);
  recipe.element_type = bytes.ConsumeIntegralInRange<std::int32_t>(SPP_F32, SPP_U16);
  recipe.layout = bytes.ConsumeIntegralInRange<std::int32_t>(0, 1);
  const int index = bytes.ConsumeIntegralInRange<int>(-1, 1);
  if (index >= 0) recipe.index_type = index;
  return recipe;
}

// The axes in any order, each with a gap of its own; or some stride 0.
Strides any_strides(FuzzedDataProvider &bytes, const Scenario &scenario) {
  Strides strides = {};
  struct Axis {
    std::int64_t size;
    std::int64_t *stride;
  };
  std::vector<Axis> axes = {{scenario.count, &strides.image},
                            {scenario.height, &strides.row},
                            {scenario.width, &strides.column},
                            {scenario.channels, &strides.channel}};
  std::int64_t stride = bytes.ConsumeIntegralInRange<std::int64_t>(1, 3);
  while (!axes.empty()) {
    const auto k = bytes.ConsumeIntegralInRange<std::size_t>(0, axes.size() - 1);
    *axes[k].stride = bytes.ConsumeIntegralInRange<int>(0, 15) == 0 ? 0 : stride;
    stride = stride * axes[k].size + bytes.ConsumeIntegralInRange<std::int64_t>(0, 5);
    axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return strides;
}

Scenario any_scenario(FuzzedDataProvider &bytes) {
  Scenario scenario;
  scenario.recipe = any_recipe(bytes);
  std::int64_t budget = most_cells;
  scenario.count = size_within(bytes, 4, budget);
  scenario.channels = size_within(bytes, 300, budget);
  scenario.height = size_within(bytes, 100, budget);
  scenario.width = size_within(bytes, 100, budget);
  if (bytes.ConsumeBool()) scenario.strides = any_strides(bytes, scenario);
  for (std::int64_t k = 0; k < scenario.count && bytes.ConsumeBool(); ++k) {
    scenario.valid_heights.assign(static_cast<std::size_t>(scenario.count), scenario.height);
    scenario.valid_widths.assign(static_cast<std::size_t>(scenario.count), scenario.width);
    scenario.valid_heights[static_cast<std::size_t>(k)] =
        bytes.ConsumeIntegralInRange<std::int64_t>(1, scenario.height);
    scenario.valid_widths[static_cast<std::size_t>(k)] =
        bytes.ConsumeIntegralInRange<std::int64_t>(1, scenario.width);
  }
  scenario.paint = static_cast<Paint>(bytes.ConsumeIntegralInRange<int>(0, paint_count - 1));
  scenario.input_placement =
      static_cast<Placement>(bytes.ConsumeIntegralInRange<int>(0, placement_count - 1));
  scenario.output_placement =
      static_cast<Placement>(bytes.ConsumeIntegralInRange<int>(0, placement_count - 1));
  scenario.output_gap = bytes.ConsumeIntegralInRange<std::int64_t>(0, 3);
  return scenario;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  const Scenario scenario = any_scenario(bytes);
  for (const std::int32_t tier : all_tiers) {
    if (spp_tier_refusal(tier) != nullptr) continue;
    const testing::AssertionResult result = agrees(tier, scenario);
    if (!result) {
      std::fprintf(stderr, "%s: %s\n", spp_tier_name(tier), result.message());
      std::abort();
    }
  }
  return 0;
}
