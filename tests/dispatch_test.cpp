// The tier that was asked for is the tier that runs.

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "support/pooling.hpp"

namespace {

// Sets SPP_TIER, and puts the former value back.
class TierVariable {
 public:
  explicit TierVariable(const char *value) {
    const char *former = std::getenv("SPP_TIER");
    if (former != nullptr) former_ = former;
    if (value != nullptr) {
      setenv("SPP_TIER", value, 1);
    } else {
      unsetenv("SPP_TIER");
    }
  }
  ~TierVariable() {
    if (former_) {
      setenv("SPP_TIER", former_->c_str(), 1);
    } else {
      unsetenv("SPP_TIER");
    }
  }
  TierVariable(const TierVariable &) = delete;
  TierVariable &operator=(const TierVariable &) = delete;

 private:
  std::optional<std::string> former_;
};

// What the tier's own code says about itself in a call.
std::int32_t tier_that_ran(const spp_pooling *pooling) {
  const float map[6] = {1, 2, 3, 4, 5, 6};
  float row[3];
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = map;
  batch.count = 1;
  batch.height = 2;
  batch.width = 1;
  batch.channels = 3;
  spp_output output = {sizeof output, row, 3, 0};
  spp_report report = {sizeof report, -1, 0, -1};
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  execution.report = &report;
  EXPECT_EQ(spp_pool(pooling, &batch, &output, &execution), SPP_OK) << spp_last_error();
  EXPECT_EQ(row[2], 6.0F);
  return report.tier;
}

void expect_tier(const spp_options &options, std::int32_t tier) {
  const Pooling pooling(options);
  EXPECT_EQ(spp_pooling_tier(pooling), tier);
  EXPECT_EQ(tier_that_ran(pooling), tier);
  const std::string text = spp_pooling_describe(pooling);
  EXPECT_NE(text.find(std::string("tier ") + spp_tier_name(tier)), std::string::npos) << text;
}

class Dispatch : public TierTest {
 protected:
  std::vector<spp_level> levels_ = square({1});
  spp_options options_ = options_for(levels_);
};

TEST_P(Dispatch, OptionForcesTheTier) {
  options_.tier = GetParam();
  expect_tier(options_, GetParam());
}

TEST_P(Dispatch, VariableForcesTheTier) {
  const TierVariable variable(spp_tier_name(GetParam()));
  expect_tier(options_, GetParam());
}

TEST_P(Dispatch, OptionWinsOverTheVariable) {
  const TierVariable variable(GetParam() == SPP_TIER_PORTABLE ? "no such tier" : "portable");
  options_.tier = GetParam();
  expect_tier(options_, GetParam());
}

SPP_TEST_EVERY_TIER(Dispatch);

TEST(DispatchDefault, IsTheBestTierOfTheMachine) {
  const TierVariable variable(nullptr);
  std::int32_t best = SPP_TIER_AUTO;
  for (const std::int32_t tier : all_tiers) {  // portable first, the best last
    if (spp_tier_refusal(tier) == nullptr) best = tier;
  }
  const std::vector<spp_level> levels = square({1});
  expect_tier(options_for(levels), best);
}

TEST(DispatchDefault, DescriptionNamesWhatWillRun) {
  const std::vector<spp_level> levels = {{1, 1}, {2, 3}};
  spp_options options = options_for(levels);
  options.bin_rule = SPP_BINS_ADAPTIVE;
  options.order = SPP_ORDER_CHANNELS_BINS;
  options.nan_policy = SPP_NAN_IGNORE;
  options.empty_policy = SPP_EMPTY_ZERO;
  options.tier = SPP_TIER_PORTABLE;
  options.thread_limit = 3;
  const Pooling pooling(options);
  EXPECT_STREQ(spp_pooling_describe(pooling),
               "f32 NHWC, levels 1x1 2x3 (7 bins), adaptive bins, order channels_bins, NaN ignore, "
               "empty zero, tier portable, threads 3");
  options = options_for(levels);
  options.layout = SPP_LAYOUT_NCHW;
  const Pooling other(options);
  const std::string text = spp_pooling_describe(other);
  EXPECT_EQ(text.find("f32 NCHW, levels 1x1 2x3 (7 bins), rounded bins, order bins_channels, NaN "
                      "propagate, empty error, tier "),
            0U)
      << text;
  EXPECT_NE(text.find(", threads unlimited"), std::string::npos) << text;
}

}  // namespace
