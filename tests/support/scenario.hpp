// One call described by data: what to pool, where it lies, and the comparison with the oracle.
#ifndef SPP_TESTS_SUPPORT_SCENARIO_HPP
#define SPP_TESTS_SUPPORT_SCENARIO_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "oracle.hpp"
#include "spp.h"
#include "support/elements.hpp"
#include "support/guarded.hpp"
#include "support/maps.hpp"
#include "support/paint.hpp"
#include "support/pooling.hpp"
#include "support/recipe.hpp"

// A dense, strided or padded batch.
struct Scenario {
  Recipe recipe;
  std::int64_t count = 1, height = 1, width = 1, channels = 1;
  std::optional<Strides> strides;                         // none: NULL
  std::vector<std::int64_t> valid_heights, valid_widths;  // empty: NULL
  Paint paint = Paint::numbers;
  Placement input_placement = Placement::flush_end;
  Placement output_placement = Placement::flush_end;
  std::int64_t output_gap = 0;  // elements between output rows
  const Islands *islands =
      nullptr;  // instead of a buffer: then the strides count its pages' stride

  std::int64_t valid_height(std::int64_t image) const {
    return valid_heights.empty() ? height : valid_heights[static_cast<std::size_t>(image)];
  }
  std::int64_t valid_width(std::int64_t image) const {
    return valid_widths.empty() ? width : valid_widths[static_cast<std::size_t>(image)];
  }
};

// One map of a ragged call.
struct RaggedMap {
  std::int64_t height, width;
  std::optional<Strides> strides;
};

struct RaggedScenario {
  Recipe recipe;
  std::vector<RaggedMap> maps;
  std::int64_t channels = 1;
  Paint paint = Paint::numbers;
  Placement input_placement = Placement::flush_end;
  Placement output_placement = Placement::flush_end;
  std::int64_t output_gap = 0;
};

// Succeeds if the call on this tier gives the oracle's bits, leaves everything else untouched and
// reports this tier; or if a bin is empty, the policy forbids it, and the call says so and writes
// nothing.
testing::AssertionResult agrees(std::int32_t tier, const Scenario &scenario,
                                const spp_execution *execution = nullptr);
testing::AssertionResult agrees(std::int32_t tier, const RaggedScenario &scenario,
                                const spp_execution *execution = nullptr);

// The oracle's row for one map of float32.
std::vector<std::uint32_t> expected_row(const oracle::Map &map, const Recipe &recipe);

// For failure messages.
std::string describe(const Scenario &scenario);

// The parameters are the tier and the element type.  What this machine cannot run is skipped.
class TierTypeTest : public testing::TestWithParam<std::tuple<std::int32_t, std::int32_t>> {
 protected:
  void SetUp() override {
    const char *refusal = spp_tier_refusal(tier());
    if (refusal != nullptr) GTEST_SKIP() << spp_tier_name(tier()) << ": " << refusal;
  }

  static std::int32_t tier() { return std::get<0>(GetParam()); }
  static std::int32_t element_type() { return std::get<1>(GetParam()); }
};

inline std::string tier_type_test_name(
    const testing::TestParamInfo<TierTypeTest::ParamType> &info) {
  return std::string(spp_tier_name(std::get<0>(info.param))) + "_" +
         element_of(std::get<1>(info.param)).name;
}

#define SPP_TEST_EVERY_TIER_AND_TYPE(suite)                                                 \
  INSTANTIATE_TEST_SUITE_P(                                                                 \
      Tier, suite,                                                                          \
      testing::Combine(testing::ValuesIn(all_tiers),                                        \
                       testing::Range<std::int32_t>(0, std::int32_t{all_elements.size()})), \
      tier_type_test_name)

#endif
