// The gradient (docs/values.md, section 4): on every tier, of every type, wherever elements lie and
// positions come from, the bits of the oracle.

#include <gtest/gtest.h>

#include <cstdint>
#include <tuple>
#include <vector>

#include "support/gradient_scenario.hpp"
#include "support/pooling.hpp"

namespace {

constexpr Paint gradient_paints[] = {Paint::numbers,    Paint::zeros,    Paint::subnormals,
                                     Paint::infinities, Paint::few_nans, Paint::many_nans};

const std::vector<std::vector<spp_level>> &pyramids() {
  static const std::vector<std::vector<spp_level>> list = {
      square({1, 2, 4}),    square({4, 2, 1}), square({2, 4, 1}), square({1, 2, 3, 6}),
      square({1, 2, 3, 4}), square({3}),       {{1, 2}, {3, 4}},  square({12, 1})};
  return list;
}

class Gradients : public testing::TestWithParam<std::tuple<std::int32_t, std::int32_t>> {
 protected:
  void SetUp() override {
    const char *refusal = spp_tier_refusal(tier());
    if (refusal != nullptr) GTEST_SKIP() << spp_tier_name(tier()) << ": " << refusal;
  }
  static std::int32_t tier() { return std::get<0>(GetParam()); }
  static std::int64_t element_size() { return element_of(std::get<1>(GetParam())).type.bytes; }

  // Scenario number `step`: what is not said here follows from it, so that all meets all.
  static GradientScenario scenario(int step) {
    GradientScenario scenario;
    scenario.recipe.levels = pyramids()[static_cast<std::size_t>(step) % pyramids().size()];
    scenario.recipe.bin_rule = step % 3 == 0 ? SPP_BINS_ADAPTIVE : SPP_BINS_ROUNDED;
    scenario.recipe.order = step % 5 == 0 ? SPP_ORDER_CHANNELS_BINS : SPP_ORDER_BINS_CHANNELS;
    scenario.recipe.element_type = std::get<1>(GetParam());
    scenario.origin = static_cast<Origin>(step / 2 % origin_count);
    scenario.paint = gradient_paints[static_cast<std::size_t>(step / 3) % 6];
    scenario.index_type = step % 2 == 0 ? SPP_INDEX_I64 : SPP_INDEX_I32;
    scenario.placement = static_cast<Placement>(step % placement_count);
    scenario.gradient_gap = step % 7 == 0 ? 3 : 0;
    scenario.argmax_gap = step % 11 == 0 ? 5 : 0;
    return scenario;
  }

  // The same with a usual pyramid of squares.
  static GradientScenario scenario_of(const std::vector<spp_level> &levels, Origin origin,
                                      int step) {
    GradientScenario scene = scenario(step);
    scene.recipe = {};
    scene.recipe.levels = levels;
    scene.recipe.element_type = std::get<1>(GetParam());
    scene.origin = origin;
    return scene;
  }
};

std::string gradient_test_name(
    const testing::TestParamInfo<std::tuple<std::int32_t, std::int32_t>> &info) {
  return std::string(spp_tier_name(std::get<0>(info.param))) + "_" +
         element_of(std::get<1>(info.param)).name;
}

constexpr std::int64_t channel_counts[] = {1,  2,  3,  7,  8,  9,  15, 16,  17,  24, 31,
                                           32, 33, 48, 63, 64, 65, 96, 100, 128, 200};

// Every pyramid with every origin, at one size and at odd ones.
TEST_P(Gradients, DenseSample) {
  int step = 0;
  for (std::size_t pyramid = 0; pyramid < pyramids().size(); ++pyramid) {
    for (int origin = 0; origin < origin_count; ++origin) {
      for (const std::int64_t channels : {5, 40}) {
        GradientScenario scene = scenario(++step);
        scene.recipe.levels = pyramids()[pyramid];
        scene.origin = static_cast<Origin>(origin);
        scene.channels = channels;
        scene.maps = std::vector<GradientMap>(static_cast<std::size_t>(1 + step % 2),
                                              {9 + step % 6, 7 + step % 8, {}});
        ASSERT_TRUE(agrees(tier(), scene));
      }
    }
  }
}

TEST_P(Gradients, ChannelTails) {
  int step = 0;
  for (const std::int64_t channels : channel_counts) {
    for (int k = 0; k < 14; ++k) {
      GradientScenario scene = scenario(++step);
      scene.channels = channels;
      scene.maps = {{13, 11 + k % 3, {}}};
      if (k % 2 == 0) scene.origin = Origin::winners;
      ASSERT_TRUE(agrees(tier(), scene));
    }
  }
}

// Fewer cells than bins, and lines of cells.
TEST_P(Gradients, SmallMaps) {
  int step = 0;
  for (const std::int64_t height : {1, 2, 3, 5}) {
    for (const std::int64_t width : {1, 2, 4, 29}) {
      for (int k = 0; k < 9; ++k) {
        GradientScenario scene = scenario(++step);
        scene.channels = 1 + step % 37;
        scene.maps = {{height, width, {}}, {height, width, {}}};
        ASSERT_TRUE(agrees(tier(), scene));
      }
    }
  }
}

// As many bins on a side as the fast way has room for, and more.
TEST_P(Gradients, ManyBins) {
  int step = 0;
  for (const std::int32_t side : {63, 64, 65}) {
    for (const std::vector<spp_level> &levels :
         {square({side, 1}), std::vector<spp_level>{{side, 2}},
          std::vector<spp_level>{{2, side}}}) {
      GradientScenario scene = scenario(++step);
      scene.recipe.levels = levels;
      scene.channels = 70;
      scene.origin = Origin::winners;
      scene.maps = {{66, 65, {}}};
      ASSERT_TRUE(agrees(tier(), scene));
    }
  }
}

TEST_P(Gradients, Strides) {
  for (int step = 0; step < 150; ++step) {
    GradientScenario scene = scenario(step);
    scene.channels = 1 + step % 41;
    const std::int64_t height = 4 + step % 7;
    const std::int64_t width = 4 + step % 5;
    Strides strides{};
    switch (step % 5) {
      case 0:  // gaps behind pixels, rows and images
        strides = {0, 0, scene.channels + step % 6, 1};
        strides.row = width * strides.column + step % 4;
        strides.image = height * strides.row + step % 3;
        break;
      case 1:  // planes with gaps
        strides = {0, width + step % 3, 1, 0};
        strides.channel = height * strides.row + step % 4;
        strides.image = scene.channels * strides.channel + 1;
        break;
      case 2:  // every second channel
        strides = {0, 0, 2 * scene.channels, 2};
        strides.row = width * strides.column;
        strides.image = height * strides.row;
        break;
      case 3:  // columns outermost
        strides = {0, scene.channels, height * scene.channels, 1};
        strides.image = width * strides.column;
        break;
      default:  // the images of a row side by side
        strides = {width * scene.channels, 3 * width * scene.channels, scene.channels, 1};
        break;
    }
    scene.maps =
        std::vector<GradientMap>(static_cast<std::size_t>(1 + step % 3), {height, width, strides});
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

TEST_P(Gradients, Planes) {
  for (int step = 0; step < 60; ++step) {
    GradientScenario scene = scenario(step);
    scene.recipe.layout = SPP_LAYOUT_NCHW;
    scene.channels = 1 + step % 35;
    scene.maps = std::vector<GradientMap>(static_cast<std::size_t>(1 + step % 2),
                                          {5 + step % 9, 4 + step % 11, {}});
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

TEST_P(Gradients, PaddedBatches) {
  for (int step = 0; step < 90; ++step) {
    GradientScenario scene = scenario(step);
    if (step % 4 == 3) scene.recipe.layout = SPP_LAYOUT_NCHW;
    scene.channels = 1 + step % 39;
    for (int k = 0; k < 3; ++k)
      scene.maps.push_back({12,
                            10,
                            {},
                            step % 3 == 1 ? 0 : 4 + (step + k) % 9,
                            step % 3 == 2 ? 0 : 4 + (step + 3 * k) % 7});
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

TEST_P(Gradients, RaggedBatches) {
  for (int step = 0; step < 90; ++step) {
    GradientScenario scene = scenario(step);
    scene.ragged = true;
    if (step % 4 == 3) scene.recipe.layout = SPP_LAYOUT_NCHW;
    const std::int64_t channels = scene.channels = 1 + step % 39;
    scene.maps = {{13, 20, {}},
                  {4, 4, {}},
                  {1, 1 + step % 5, {}},
                  {7, 6, Strides{0, 7 * (channels + 1), channels + 1, 1}},
                  {6, 9, Strides{0, 9, 1, 60}}};
    scene.maps.resize(static_cast<std::size_t>(1 + step % 5));
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

// What only the counts over all parts of a map show.
TEST_P(Gradients, MapsCutByRows) {
  for (const Origin origin : {Origin::winners, Origin::coarse_stray, Origin::doubled}) {
    for (const std::int32_t threads : {2, 4, 7}) {
      GradientScenario scene = scenario_of(square({1, 2, 4}), origin, 0);
      scene.channels = 2800 / element_size();
      scene.maps = {{22, 19, {}}};
      const spp_execution execution = execution_with(threads, backwards);
      ASSERT_TRUE(agrees(tier(), scene, &execution));
    }
  }
}

// As large as what is written past the caches, on lines of memory and beside them.
TEST_P(Gradients, LargeBatches) {
  const std::int64_t channels = 6400 / element_size();
  for (int step = 0; step < 4; ++step) {
    GradientScenario scene =
        scenario_of(square({1, 2, 4}), step == 1 ? Origin::one_stray : Origin::winners, step);
    scene.channels = channels;
    scene.placement =
        step == 3 ? Placement::flush_start : Placement::shifted;  // the maps' is the next
    scene.gradient_gap = scene.argmax_gap = 0;
    GradientMap map = {32, 32, {}};
    // Pixels, or only rows, that begin beside a line.
    const std::int64_t pixel = channels + (step == 1 ? 1 : 0);
    const std::int64_t row = 32 * pixel + (step == 2 ? 3 : 0);
    if (step == 1 || step == 2) map.strides = Strides{32 * row, row, pixel, 1};
    scene.maps = std::vector<GradientMap>(4, map);
    ASSERT_TRUE(agrees(tier(), scene));
  }
}

// Cells that 16 bits cannot number, of the map and of a row of bins, and one level, so that no other one
// shows what is wrong.
TEST_P(Gradients, MapsOfManyCells) {
  for (const std::int32_t side : {4, 1}) {
    for (const Origin origin : {Origin::winners, Origin::shifted}) {
      GradientScenario scene = scenario_of(square({side}), origin, 0);
      scene.channels = 41;
      scene.maps = {{300, 256, {}}};
      ASSERT_TRUE(agrees(tier(), scene));
    }
  }
}

// Work that is cut by images and by channels, with another number of threads each time.
TEST_P(Gradients, Threads) {
  struct Size {
    std::int64_t count, height, width, channels;
  };
  int step = 0;
  for (const Size size : {Size{1, 20, 21, 700}, Size{3, 16, 17, 260}, Size{70, 9, 8, 130},
                          Size{1, 5, 4, 9000}, Size{2, 300, 301, 2}}) {
    for (const std::int32_t layout : {SPP_LAYOUT_NHWC, SPP_LAYOUT_NCHW, SPP_LAYOUT_NHWC}) {
      for (const std::int32_t threads : {1, 2, 4, 3}) {
        GradientScenario scene = scenario(++step);
        scene.recipe.layout = layout;
        scene.recipe.levels = pyramids()[static_cast<std::size_t>(step) % 4];
        scene.recipe.bin_rule = SPP_BINS_ROUNDED;
        scene.origin = static_cast<Origin>(step % origin_count);
        scene.channels = size.channels;
        scene.maps = std::vector<GradientMap>(static_cast<std::size_t>(size.count),
                                              {size.height, size.width, {}});
        // More threads than the machine may have: the caller's, one after the other.
        spp_execution execution = execution_with(threads, step % 2 == 0 ? nullptr : backwards);
        spp_report report = {};
        report.struct_size = sizeof report;
        execution.report = &report;
        ASSERT_TRUE(agrees(tier(), scene, &execution));
        EXPECT_EQ(report.tier, tier());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tier, Gradients,
                         testing::Combine(testing::ValuesIn(all_tiers),
                                          testing::Values(SPP_F32, SPP_F64, SPP_F16, SPP_BF16)),
                         gradient_test_name);

}  // namespace
