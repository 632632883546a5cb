// The gradient through regions (docs/values.md, sections 4 and 7) on every tier and type: the rows of
// all regions of a map, added in their order.

#include <gtest/gtest.h>

#include <cstdint>
#include <tuple>
#include <vector>

#include "support/gradient_scenario.hpp"
#include "support/pooling.hpp"

namespace {

using TierAndType = std::tuple<std::int32_t, std::int32_t>;

class RegionGradients : public testing::TestWithParam<TierAndType> {
 protected:
  void SetUp() override {
    const char *refusal = spp_tier_refusal(tier());
    if (refusal != nullptr) GTEST_SKIP() << spp_tier_name(tier()) << ": " << refusal;
  }
  static std::int32_t tier() { return std::get<0>(GetParam()); }

  // `count` regions on `maps` maps of a size, in any order; what is not said here follows from `step`.
  static GradientScenario scenario(int step, std::size_t maps, GradientMap map,
                                   std::int64_t count) {
    GradientScenario scene;
    scene.recipe.levels = step % 3 == 0 ? square({6, 3, 2, 1}) : square({3, 1});
    scene.recipe.bin_rule = step % 2 == 0 ? SPP_BINS_ADAPTIVE : SPP_BINS_ROUNDED;
    scene.recipe.order = step % 5 == 0 ? SPP_ORDER_CHANNELS_BINS : SPP_ORDER_BINS_CHANNELS;
    scene.recipe.layout = step % 4 == 3 ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC;
    scene.recipe.element_type = std::get<1>(GetParam());
    scene.origin = static_cast<Origin>(step % origin_count);
    scene.paint = step % 7 == 6 ? Paint::few_nans : Paint::numbers;
    scene.index_type = step % 2 == 0 ? SPP_INDEX_I64 : SPP_INDEX_I32;
    scene.placement = static_cast<Placement>(step % placement_count);
    scene.gradient_gap = step % 3;
    scene.argmax_gap = step % 2 * 5;
    scene.channels = 1 + step * 7 % 45;
    scene.maps.assign(maps, map);
    scene.by_regions = true;
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t y = k * 5 % map.height;
      const std::int64_t x = k * 3 % map.width;
      scene.regions.push_back({k * k % static_cast<std::int64_t>(maps), y, x,
                               1 + k % (map.height - y), 1 + k * 7 % (map.width - x)});
    }
    return scene;
  }
};

TEST_P(RegionGradients, DenseSample) {
  for (int step = 0; step < 40; ++step)
    ASSERT_TRUE(
        agrees(tier(), scenario(step, 1 + static_cast<std::size_t>(step) % 3, {9, 11, {}}, 17)));
}

TEST_P(RegionGradients, StridesAndValidSizes) {
  for (int step = 0; step < 60; ++step) {
    GradientMap map{8, 6, {}};
    GradientScenario scene = scenario(step, 2, map, 9);
    scene.recipe.layout = SPP_LAYOUT_NHWC;
    if (step % 2 == 0) {
      const std::int64_t pixel = scene.channels + step % 4;
      const std::int64_t row = 6 * pixel + step % 3;
      map.strides = Strides{8 * row + 1, row, pixel, 1};
    }
    if (step % 3 != 0) {
      map.valid_height = 5;
      map.valid_width = 4;
      for (spp_region &region : scene.regions) region = {region.image, 1, 2, 4, 2};
    }
    scene.maps.assign(2, map);
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

TEST_P(RegionGradients, Ragged) {
  for (int step = 0; step < 40; ++step) {
    GradientScenario scene = scenario(step, 3, {4, 5, {}}, 12);
    scene.ragged = true;
    scene.maps[1] = {13, 7, {}};
    scene.maps[2] = {4, 21, {}};
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

// Maps without regions, and no regions at all: zeros.
TEST_P(RegionGradients, MapsWithoutRegions) {
  for (int step = 0; step < 8; ++step) {
    GradientScenario scene = scenario(step, 4, {5, 6, {}}, step % 2 == 0 ? 0 : 6);
    for (spp_region &region : scene.regions) region.image = 2;
    scene.ragged = step % 4 > 1;
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

std::int32_t backwards(void *, spp_task task, void *context, std::int64_t count) {
  for (std::int64_t k = count; k-- > 0;) task(context, k);
  return 0;
}

// Work that is cut, maps larger than the blocks of channels that a cache holds, and more cells than a
// run of half-precision sums.
TEST_P(RegionGradients, Threads) {
  int step = 0;
  for (const std::int32_t threads : {1, 2, 4}) {
    for (const GradientMap &map :
         {GradientMap{40, 50, {}}, GradientMap{3, 4, {}}, GradientMap{190, 220, {}}}) {
      GradientScenario scene = scenario(++step, 2, map, 40);
      scene.channels = map.height > 100 ? 35 : 150;
      spp_execution execution = {};
      execution.struct_size = sizeof execution;
      execution.thread_limit = threads;
      if (step % 2 == 0) execution.executor = backwards;
      ASSERT_TRUE(agrees(tier(), scene, &execution)) << threads << " threads";
    }
  }
}

std::string test_name(const testing::TestParamInfo<TierAndType> &info) {
  return std::string(spp_tier_name(std::get<0>(info.param))) + "_" +
         element_of(std::get<1>(info.param)).name;
}

INSTANTIATE_TEST_SUITE_P(Tier, RegionGradients,
                         testing::Combine(testing::ValuesIn(all_tiers),
                                          testing::Values(SPP_F32, SPP_F64, SPP_F16, SPP_BF16)),
                         test_name);

}  // namespace
