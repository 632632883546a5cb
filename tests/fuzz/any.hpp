// Descriptions of calls out of the fuzzer's bytes.
#ifndef SPP_TESTS_FUZZ_ANY_HPP
#define SPP_TESTS_FUZZ_ANY_HPP

#include <fuzzer/FuzzedDataProvider.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"

constexpr std::int64_t most_elements = 3000;  // of all maps together

// At most `most` and what is left of the budget, which it is taken from.
inline std::int64_t size_within(FuzzedDataProvider &bytes, std::int64_t most,
                                std::int64_t &budget) {
  const std::int64_t limit = std::max<std::int64_t>(1, std::min(most, budget));
  const auto size = bytes.ConsumeIntegralInRange<std::int64_t>(1, limit);
  budget /= size;
  return size;
}

template <typename Enum>
Enum any_of(FuzzedDataProvider &bytes, int count) {
  return static_cast<Enum>(bytes.ConsumeIntegralInRange<int>(0, count - 1));
}

inline Recipe any_recipe(FuzzedDataProvider &bytes) {
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
inline Strides any_strides(FuzzedDataProvider &bytes, const Scenario &scenario, bool may_repeat) {
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
    *axes[k].stride = may_repeat && bytes.ConsumeIntegralInRange<int>(0, 15) == 0 ? 0 : stride;
    stride = stride * axes[k].size + bytes.ConsumeIntegralInRange<std::int64_t>(0, 5);
    axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return strides;
}

// Every tier of this machine; a difference ends the program.
template <typename AnyScenario>
void agree_on_all_tiers(const AnyScenario &scenario) {
  for (const std::int32_t tier : all_tiers) {
    if (spp_tier_refusal(tier) != nullptr) continue;
    const testing::AssertionResult result = agrees(tier, scenario);
    if (result) continue;
    std::fprintf(stderr, "%s: %s\n", spp_tier_name(tier), result.message());
    std::abort();
  }
}

#endif
