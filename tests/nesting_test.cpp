// Pyramids whose levels nest, nearly do, or do so in an order of their own: which of them are merged
// from others, and which gradients are written in one walk, shows in no bit.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/gradient_scenario.hpp"
#include "support/scenario.hpp"

namespace {

struct NestedSides {
  std::int32_t fine, coarse;
  std::int64_t length;
};

// Sides that divide others where float32 has the bins of either leave out a cell or share one, and those
// of bins that are single cells, of which all others are made.
std::vector<NestedSides> nearly_nested() {
  std::vector<NestedSides> found;
  for (const std::int32_t fine : {6, 12, 14, 18, 20, 24, 26, 28, 30}) {
    for (std::int64_t length = fine; length <= 100; ++length) {
      bool tiles = true;
      for (std::int64_t bin = 1; bin < fine; ++bin)
        tiles = tiles && oracle::bin_span(false, length, fine, bin - 1).end ==
                             oracle::bin_span(false, length, fine, bin).begin;
      if (tiles) continue;
      for (std::int32_t coarse = 1; coarse < fine; ++coarse)
        if (fine % coarse == 0) found.push_back({fine, coarse, length});
      if (length <= 40) found.push_back({static_cast<std::int32_t>(length), fine, length});
    }
  }
  return found;
}

class Nesting : public TierTest {};

TEST_P(Nesting, LevelsThatNearlyNest) {
  int step = 0;
  for (const NestedSides &sides : nearly_nested()) {
    Scenario scenario;
    ++step;
    scenario.recipe.levels = {{sides.coarse, 1}, {sides.fine, 1}};
    scenario.height = sides.length;
    if (step % 2 == 0) {
      scenario.recipe.levels = {{2, sides.coarse}, {2, sides.fine}};
      std::swap(scenario.height, scenario.width);
      scenario.height = 5;
    }
    scenario.recipe.empty_policy = SPP_EMPTY_LOWEST;
    scenario.channels = 5;
    ASSERT_TRUE(agrees(GetParam(), scenario));
  }
}

// Edges that agree though no side divides another; on a square, where all columns of one level are its
// rows and those of the other are not.
TEST_P(Nesting, SidesThatDoNotDivideSample) {
  for (std::int64_t length = 2; length <= 12; ++length) {
    for (const std::int32_t other : {3, 4, 5, 7}) {
      Scenario scenario;
      scenario.recipe.levels = {{2, 2}, {other, 5}, {5, other}, {3, 3}};
      scenario.recipe.empty_policy = SPP_EMPTY_LOWEST;
      scenario.height = scenario.width = length;
      scenario.channels = 3;
      ASSERT_TRUE(agrees(GetParam(), scenario));
    }
  }
}

// Rows that nest, and columns that nearly do, of a level that has both alike on a square.
TEST_P(Nesting, SquareLevelsOnSquares) {
  for (std::int64_t length = 12; length <= 64; ++length) {
    for (const std::int32_t side : {4, 6, 7}) {
      Scenario scenario;
      scenario.recipe.levels = {{side, side}, {side, side == 4 ? 12 : 2 * side}};
      scenario.recipe.empty_policy = SPP_EMPTY_LOWEST;
      scenario.height = scenario.width = length;
      scenario.channels = 4;
      ASSERT_TRUE(agrees(GetParam(), scenario));
    }
  }
}

GradientScenario gradient_of(std::vector<spp_level> levels, GradientMap map, int step) {
  GradientScenario scene;
  scene.recipe.levels = std::move(levels);
  scene.recipe.element_type = step % 4;
  scene.channels = 35;
  scene.maps = {map};
  return scene;
}

TEST_P(Nesting, GradientsOfLevelsThatNearlyNest) {
  int step = 0;
  for (const NestedSides &sides : nearly_nested()) {
    ++step;
    const std::vector<spp_level> rows = {{sides.coarse, 1}, {sides.fine, 1}};
    const std::vector<spp_level> columns = {{1, sides.coarse}, {1, sides.fine}};
    ASSERT_TRUE(agrees(GetParam(), step % 2 == 0 ? gradient_of(columns, {2, sides.length, {}}, step)
                                                 : gradient_of(rows, {sides.length, 2, {}}, step)));
  }
}

TEST_P(Nesting, GradientsOfLevelsInAnyOrderSample) {
  int step = 0;
  for (const std::vector<spp_level> &levels :
       {square({2, 1}), square({1, 2}), square({4, 2, 1}), square({1, 4, 2}), square({6, 3, 2, 1}),
        square({1, 6, 3, 2}), square({1, 2, 6, 3}), square({1, 2, 3, 6})})
    for (int type = 0; type < 4; ++type)
      ASSERT_TRUE(agrees(GetParam(), gradient_of(levels, {12, 18, {}}, ++step)));
}

// Coarse bins whose positions are all one cell beside those of the winners.
TEST_P(Nesting, GradientsOfNearMissesSample) {
  constexpr std::int64_t width = 11;
  for (const std::int64_t by : {std::int64_t{-1}, std::int64_t{1}, -width, width}) {
    for (int type = 0; type < 4; ++type) {
      GradientScenario scene = gradient_of(square({1, 2, 4}), {13, width, {}}, type);
      const auto places = static_cast<std::size_t>(5 * scene.channels);
      for (std::size_t place = 0; place < places; ++place)
        scene.edits.push_back({0, place, place, by});
      ASSERT_TRUE(agrees(GetParam(), scene));
    }
  }
}

// More levels, longer sides or more bins than are written in one walk, a level with empty bins that is
// not the finest, and a row of bins with more cells than 16 bits number.
TEST_P(Nesting, GradientsPastTheLimits) {
  for (int type = 0; type < 4; ++type) {
    ASSERT_TRUE(agrees(GetParam(), gradient_of(square({1, 2, 3, 6, 12}), {12, 24, {}}, type)));
    ASSERT_TRUE(agrees(GetParam(), gradient_of({{65, 1}, {1, 1}}, {70, 3, {}}, type)));
    ASSERT_TRUE(agrees(GetParam(), gradient_of({{4, 1}, {3, 2}}, {3, 20, {}}, type)));
    ASSERT_TRUE(agrees(GetParam(), gradient_of(square({1}), {257, 256, {}}, type)));
    GradientScenario many = gradient_of(square({40, 20}), {40, 80, {}}, type);
    ASSERT_TRUE(agrees(GetParam(), many));
    many.recipe.order = SPP_ORDER_CHANNELS_BINS;
    ASSERT_TRUE(agrees(GetParam(), many));
    many.origin = Origin::anywhere;
    ASSERT_TRUE(agrees(GetParam(), many));
  }
}

SPP_TEST_EVERY_TIER(Nesting);

}  // namespace
