// Regions of maps (docs/values.md, section 7) on every tier and element type.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/region_scenario.hpp"
#include "support/sweep.hpp"

namespace {

class Regions : public TierTypeTest {
 protected:
  // Shapes x pyramids x rules, with rotating data, policies, orders, layouts and argmax.
  template <typename Arrange>
  void sweep_regions(const std::vector<Shape> &shapes, Arrange &&arrange) {
    const std::vector<std::vector<spp_level>> pyramids = {
        square({6, 3, 2, 1}), square({7}), square({1, 2, 3, 4}), {{2, 1}, {6, 5}}, square({14, 1})};
    int step = 0;
    for (const Shape &shape : shapes) {
      for (const std::vector<spp_level> &levels : pyramids) {
        for (const std::int32_t rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE, SPP_BINS_ROI}) {
          ++step;
          RegionScenario scenario;
          Scenario &maps = scenario.maps;
          maps.recipe = {
              levels,           rule,          step % 5 == 0 ? 1 : 0, step % 4 == 0 ? 1 : 0,
              SPP_EMPTY_LOWEST, element_type()};
          maps.count = shape.count;
          maps.height = shape.height;
          maps.width = shape.width;
          maps.channels = shape.channels;
          maps.paint = static_cast<Paint>(step % paint_count);
          maps.input_placement = static_cast<Placement>(step % placement_count);
          maps.output_placement = static_cast<Placement>(step / 2 % placement_count);
          maps.output_gap = step % 7 == 0 ? 3 : 0;
          arrange(scenario, step);
          if (scenario.regions.empty())
            scenario.regions = some_regions(maps, shape.channels > 40 ? 60 : 25,
                                            rule == SPP_BINS_ROI, static_cast<std::uint32_t>(step));
          ASSERT_TRUE(agrees(tier(), scenario));
        }
      }
    }
  }
};

const std::vector<Shape> shapes = {{1, 7, 7, 3},  {2, 5, 13, 16}, {3, 1, 4, 64},
                                   {1, 13, 2, 5}, {2, 9, 11, 65}, {1, 12, 15, 70}};

TEST_P(Regions, ValuesDense) {
  sweep_regions(shapes, [](RegionScenario &scenario, int step) {
    if (step % 3 == 0) scenario.maps.recipe.layout = SPP_LAYOUT_NCHW;
    if (step % 6 == 1) scenario.maps.recipe.empty_policy = SPP_EMPTY_ZERO;
  });
}

TEST_P(Regions, Positions) {
  sweep_regions(shapes, [](RegionScenario &scenario, int step) {
    scenario.maps.recipe.index_type = step % 2;
    if (step % 3 == 1) scenario.maps.recipe.layout = SPP_LAYOUT_NCHW;
    scenario.ragged = step % 5 == 2;
  });
}

// Any strides, valid sizes, and lists.
TEST_P(Regions, ValuesOfOtherLayouts) {
  sweep_regions(shapes, [](RegionScenario &scenario, int step) {
    Scenario &maps = scenario.maps;
    if (step % 4 == 3) maps.recipe.index_type = step / 4 % 2;
    if (step % 2 == 0) {
      const std::int64_t apart = 1 + step / 2 % 2;
      const std::int64_t pixel = apart * maps.channels + step % 3;
      const std::int64_t row = pixel * maps.width + 1;
      maps.strides = {row * maps.height, row, pixel, apart};
    }
    for (std::int64_t k = 0; k < maps.count && step % 3 != 0; ++k) {
      maps.valid_heights.push_back(1 + (step + 2 * k) % maps.height);
      maps.valid_widths.push_back(1 + (3 * step + k) % maps.width);
    }
    scenario.ragged = step % 3 != 0 && step % 5 < 2;
  });
}

TEST_P(Regions, OfNothingButNaN) {
  sweep_regions({{1, 7, 7, 3}, {1, 9, 11, 64}}, [](RegionScenario &scenario, int step) {
    scenario.maps.paint = Paint::only_nans;
    if (step % 2 == 0) scenario.maps.recipe.layout = SPP_LAYOUT_NCHW;
  });
}

// 13 * float32(7 / 13) is above 7: the last bin ends a cell behind the window, if the map has that cell.
TEST_P(Regions, OfRoiBinsThatEndBehindTheirWindow) {
  sweep_regions({{1, 9, 12, 3}, {2, 8, 8, 64}}, [](RegionScenario &scenario, int) {
    scenario.maps.recipe.levels = square({13, 1});
    scenario.regions = {{0, 0, 0, 7, 7}, {0, 1, 1, 7, 7}, {0, 1, 0, 7, 4}, {0, 0, 1, 3, 7}};
  });
}

// Two rows by three columns of a level's bins, three by two, and one by several.
TEST_P(Regions, OfLevelsMergedUnevenly) {
  sweep_regions({{1, 13, 14, 3}, {1, 12, 18, 64}}, [](RegionScenario &scenario, int step) {
    scenario.maps.recipe.levels = {{6, 6}, {3, 2}, {2, 3}, {6, 2}, {1, 3}};
    if (step % 2 == 0) scenario.maps.recipe.layout = SPP_LAYOUT_NCHW;
  });
}

// So many regions that their work is shared, between them and between threads.
TEST_P(Regions, ValuesOfMany) {
  int step = 0;
  for (const std::int32_t threads : {1, 2, 4}) {
    for (const Shape &shape : {Shape{1, 38, 50, 96}, Shape{3, 17, 14, 64}, Shape{1, 20, 9, 130}}) {
      for (const std::int32_t rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE, SPP_BINS_ROI}) {
        ++step;
        RegionScenario scenario;
        Scenario &maps = scenario.maps;
        maps.recipe = {step % 2 == 0 ? square({6, 3, 2, 1}) : square({7, 2}),
                       rule,
                       SPP_ORDER_BINS_CHANNELS,
                       step % 4 == 0 ? 1 : 0,
                       SPP_EMPTY_LOWEST,
                       element_type(),
                       step % 5 == 0 ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC};
        maps.count = shape.count;
        maps.height = shape.height;
        maps.width = shape.width;
        maps.channels = shape.channels;
        maps.paint = static_cast<Paint>(step % paint_count);
        const std::int64_t count = element_type() == SPP_F32 ? 120 : 30;
        scenario.regions =
            some_regions(maps, count, rule == SPP_BINS_ROI, static_cast<std::uint32_t>(step));
        const spp_execution execution =
            execution_with(threads, step % 2 == 0 ? backwards : nullptr);
        ASSERT_TRUE(agrees(tier(), scenario, &execution)) << threads << " threads";
      }
    }
  }
}

SPP_TEST_EVERY_TIER_AND_TYPE(Regions);

// What float32 has a way of its own for, and what is beyond it: levels that nest in other ratios than
// two, nest nearly, or are nearly 6, 3, 2, 1; a side, a pyramid and a map that are too large.
class RegionsOfFloats : public TierTest {};

TEST_P(RegionsOfFloats, OtherPyramids) {
  std::uint32_t seed = 0;
  for (const std::vector<spp_level> &levels : {std::vector<spp_level>{{4, 6}, {2, 2}},
                                               {{12, 1}, {6, 1}, {4, 1}},
                                               {{14, 2}, {7, 1}},
                                               {{6, 5}, {3, 3}, {2, 2}, {1, 1}},
                                               {{65, 1}, {1, 1}},
                                               square({33, 3})}) {
    for (const std::int64_t side : {31, 182}) {
      RegionScenario scenario;
      scenario.maps.recipe.levels = levels;
      scenario.maps.recipe.empty_policy = SPP_EMPTY_LOWEST;
      scenario.maps.height = scenario.maps.width = side;
      scenario.maps.channels = 3;
      scenario.regions = some_regions(scenario.maps, 40, false, ++seed);
      ASSERT_TRUE(agrees(GetParam(), scenario));
    }
  }
}

// Bins of windows that are the map's whole length take more loads than are written out.
TEST_P(RegionsOfFloats, LongWindows) {
  std::uint32_t seed = 0;
  for (const std::vector<spp_level> &levels : {square({6, 3, 2, 1}), square({7})}) {
    for (const bool is_tall : {true, false}) {
      RegionScenario scenario;
      Scenario &maps = scenario.maps;
      maps.recipe.levels = levels;
      maps.recipe.bin_rule = SPP_BINS_ADAPTIVE;
      maps.height = is_tall ? 130 : 12;
      maps.width = is_tall ? 12 : 130;
      maps.channels = 40;
      scenario.regions = some_regions(maps, 100, false, ++seed);
      ASSERT_TRUE(agrees(GetParam(), scenario));
    }
  }
}

SPP_TEST_EVERY_TIER(RegionsOfFloats);

// A covering part, for emulated processors: float32 with shared tables, with a NaN and without, and
// the other types one by one.
class RegionsSample : public TierTest {};

TEST_P(RegionsSample, AllTypes) {
  for (int step = 0; step < 24; ++step) {
    RegionScenario scenario;
    Scenario &maps = scenario.maps;
    const std::int32_t type = step % 2 == 0 ? 0 : step / 2 % std::int32_t{all_elements.size()};
    maps.recipe = {step % 4 < 2 ? square({6, 3, 2, 1}) : square({7}),
                   step % 3,
                   0,
                   step / 3 % 2,
                   SPP_EMPTY_LOWEST,
                   type};
    maps.height = 12 + step % 3;
    maps.width = 15;
    maps.channels = step % 5 == 0 ? 65 : 17;
    maps.paint = static_cast<Paint>(step % paint_count);
    scenario.regions = some_regions(maps, type == SPP_F32 ? 40 : 8, step % 3 == SPP_BINS_ROI,
                                    static_cast<std::uint32_t>(step));
    ASSERT_TRUE(agrees(GetParam(), scenario));
  }
}

SPP_TEST_EVERY_TIER(RegionsSample);

}  // namespace
