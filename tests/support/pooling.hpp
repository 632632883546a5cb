// A handle that releases itself, and tests that run once per tier.
#ifndef SPP_TESTS_SUPPORT_POOLING_HPP
#define SPP_TESTS_SUPPORT_POOLING_HPP

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "spp.h"
#include "support/execution.hpp"

// Options with this struct_size and these levels, the rest at their defaults.  The levels must
// outlive them.
inline spp_options options_for(const std::vector<spp_level> &levels) {
  spp_options options = {};
  options.struct_size = sizeof options;
  options.levels = levels.data();
  options.level_count = static_cast<std::int64_t>(levels.size());
  return options;
}

// n x n for each n.
inline std::vector<spp_level> square(std::initializer_list<std::int32_t> sides) {
  std::vector<spp_level> levels;
  for (const std::int32_t side : sides) levels.push_back({side, side});
  return levels;
}

class Pooling {
 public:
  explicit Pooling(const spp_options &options) : status_(spp_pooling_create(&options, &handle_)) {
    EXPECT_EQ(status_, SPP_OK) << spp_last_error();
  }
  ~Pooling() { spp_pooling_destroy(handle_); }
  Pooling(const Pooling &) = delete;
  Pooling &operator=(const Pooling &) = delete;

  operator const spp_pooling *() const { return handle_; }

 private:
  spp_pooling *handle_ = nullptr;
  spp_status status_;
};

constexpr std::array<std::int32_t, 4> all_tiers = {SPP_TIER_PORTABLE, SPP_TIER_NEON, SPP_TIER_AVX2,
                                                   SPP_TIER_AVX512};

inline std::string tier_test_name(const testing::TestParamInfo<std::int32_t> &info) {
  return spp_tier_name(info.param);
}

// The parameter is the tier.  What this machine cannot run is skipped, with the reason.
class TierTest : public testing::TestWithParam<std::int32_t> {
 protected:
  void SetUp() override {
    const char *refusal = spp_tier_refusal(GetParam());
    if (refusal != nullptr) GTEST_SKIP() << spp_tier_name(GetParam()) << ": " << refusal;
  }
};

#define SPP_TEST_EVERY_TIER(suite) \
  INSTANTIATE_TEST_SUITE_P(Tier, suite, testing::ValuesIn(all_tiers), tier_test_name)

#endif
