// The gradient through regions (docs/values.md, sections 4 and 7) on every tier and type: the rows of
// all regions of a map, added in their order.

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <vector>

#include "gradient_oracle.hpp"
#include "support/arrays.hpp"
#include "support/execution.hpp"
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
    constexpr std::int32_t rules[] = {SPP_BINS_ADAPTIVE, SPP_BINS_ROUNDED, SPP_BINS_ROI};
    scene.recipe.bin_rule = rules[step % 3];
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

  static testing::AssertionResult dense_maps_agree(int first, int last) {
    for (int step = first; step < last; ++step) {
      const auto maps = 1 + static_cast<std::size_t>(step) % 3;
      const testing::AssertionResult result = agrees(tier(), scenario(step, maps, {9, 11, {}}, 17));
      if (!result)
        return testing::AssertionFailure() << "step " << step << ": " << result.message();
    }
    return testing::AssertionSuccess();
  }
};

TEST_P(RegionGradients, DenseSample) { ASSERT_TRUE(dense_maps_agree(0, 16)); }
TEST_P(RegionGradients, Dense) { ASSERT_TRUE(dense_maps_agree(16, 40)); }

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

// Work that is cut: by maps, by channels, and where only the rows are many.  On oneTBB and on more
// threads than the machine may have: the caller's, one after the other.
TEST_P(RegionGradients, Threads) {
  int step = 0;
  for (const GradientMap &map : {GradientMap{30, 23, {}}, GradientMap{3, 4, {}}}) {
    for (const std::int32_t layout : {SPP_LAYOUT_NHWC, SPP_LAYOUT_NCHW}) {
      for (const spp_executor executor : {spp_executor{nullptr}, spp_executor{backwards}}) {
        for (const std::int32_t threads : {1, 2, 4}) {
          GradientScenario scene = scenario(++step, 2, map, map.height < 5 ? 100 : 12);
          scene.recipe.layout = layout;
          scene.channels = 130;
          scene.index_type = step / 3 % 2 == 0 ? SPP_INDEX_I32 : SPP_INDEX_I64;
          const spp_execution execution = execution_with(threads, executor);
          ASSERT_TRUE(agrees(tier(), scene, &execution)) << threads << " threads";
        }
      }
    }
  }
}

// Larger than the blocks of channels that a cache holds, and with more cells than a run of
// half-precision sums.
TEST_P(RegionGradients, LargeMaps) {
  for (const int step : {1, 3}) {
    GradientScenario scene = scenario(step, 1, {190, 220, {}}, 10);
    scene.channels = 34;
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

// Two pixels so far apart that the places of the second one are the last of 2^31, and beyond.
TEST_P(RegionGradients, PixelsFarApart) {
  constexpr std::int64_t channels = 16;
  const Recipe recipe = scenario(1, 1, {1, 2, {}}, 1).recipe;
  const oracle::Type type = element_of(recipe.element_type).type;
  for (const std::int64_t apart : {std::int64_t{1} << 30, (std::int64_t{1} << 30) + 1}) {
    const std::size_t bytes = static_cast<std::size_t>((apart + channels) * type.bytes);
    void *const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) GTEST_SKIP() << "no address space for " << bytes << " bytes";
    const std::vector<spp_level> levels = square({1});
    spp_options options = options_for(levels);
    options.element_type = recipe.element_type;
    options.tier = tier();
    const Pooling pooling(options);
    const std::vector<char> ones = [&] {
      std::vector<char> elements(static_cast<std::size_t>(channels * type.bytes));
      const oracle::Value one = oracle::nearest(type, 1.0);
      for (std::size_t k = 0; k < channels; ++k)
        std::memcpy(&elements[k * static_cast<std::size_t>(type.bytes)], &one,
                    static_cast<std::size_t>(type.bytes));
      return elements;
    }();
    std::vector<std::int32_t> positions(channels, 1);
    const spp_gradient gradient = {sizeof gradient, ones.data(), channels, 0};
    const spp_argmax argmax = argmax_of(positions);
    const std::int64_t strides[] = {4 * apart, 2 * apart, apart, 1};
    spp_batch maps = {};
    maps.struct_size = sizeof maps;
    maps.count = maps.height = 1;
    maps.width = 2;
    maps.channels = channels;
    maps.strides = strides;
    const spp_region region = {0, 0, 0, 1, 2};
    EXPECT_EQ(spp_backward_regions(pooling, &gradient, &argmax, &maps, &region, 1, memory, nullptr),
              SPP_OK)
        << spp_last_error();
    const char *const second = static_cast<const char *>(memory) + apart * type.bytes;
    EXPECT_EQ(std::memcmp(second, ones.data(), ones.size()), 0);
    munmap(memory, bytes);
  }
}

// Every map is cut for the regions that it may have: with many maps and threads into no more pieces than
// an executor is given.
TEST(RegionGradientPieces, OfManyMapsFitAnExecutor) {
  constexpr std::int64_t maps = 1100;
  constexpr std::int64_t channels = 1024;
  const std::vector<spp_level> levels = square({1});
  const Pooling pooling(options_for(levels));
  const std::vector<float> ones(channels, 1.0F);
  std::vector<std::int32_t> positions(channels, 0);
  std::vector<float> map_gradients(maps * channels, 7.0F);
  const spp_gradient gradient = gradient_of(ones);
  const spp_argmax argmax = argmax_of(positions);
  const spp_batch batch = batch_of(nullptr, maps, 1, 1, channels);
  const spp_region region = {maps - 1, 0, 0, 1, 1};
  std::vector<float> expected(maps * channels, 0.0F);
  std::fill(expected.end() - channels, expected.end(), 1.0F);
  for (const std::int32_t limit : {2, 130, 256, 1000}) {
    const spp_execution execution = execution_with(limit, in_order);
    EXPECT_EQ(spp_backward_regions(pooling, &gradient, &argmax, &batch, &region, 1,
                                   map_gradients.data(), &execution),
              SPP_OK)
        << limit << ": " << spp_last_error();
    EXPECT_EQ(map_gradients, expected) << limit;
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
