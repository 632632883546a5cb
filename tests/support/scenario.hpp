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
#include "support/paint.hpp"
#include "support/pooling.hpp"

// How to compute it: the handle's description without its tier.
struct Recipe {
  std::vector<spp_level> levels;
  std::int32_t bin_rule = SPP_BINS_ROUNDED;
  std::int32_t order = SPP_ORDER_BINS_CHANNELS;
  std::int32_t nan_policy = SPP_NAN_PROPAGATE;
  std::int32_t empty_policy = SPP_EMPTY_ERROR;
  std::int32_t element_type = SPP_F32;
  std::int32_t layout = SPP_LAYOUT_NHWC;
  std::optional<std::int32_t> index_type{};  // of positions; none: they are not asked for
};

struct Strides {
  std::int64_t image, row, column;
  std::int64_t channel = 1;
};

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

// How many bins of the pyramid have no cell.
std::int64_t empty_bins(const Recipe &recipe, std::int64_t height, std::int64_t width);

// "[1x1 2x2] rounded bins_channels ...", for failure messages.
std::string describe(const Recipe &recipe);
std::string describe(const Scenario &scenario);

spp_options options_of(const Recipe &recipe, std::int32_t tier);

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
