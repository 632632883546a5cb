// Levels whose rows and columns differ, on maps whose sides agree or do not: what is known of one axis
// says nothing of the other.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"

namespace {

class LevelShapes : public TierTest {};

TEST_P(LevelShapes, OnSmallMaps) {
  const std::vector<std::vector<spp_level>> pyramids = {
      {{4, 4}, {2, 3}},         {{4, 4}, {3, 2}},
      {{4, 6}, {4, 5}},         {{6, 4}, {5, 4}},
      {{2, 3}, {3, 2}},         {{4, 2}, {2, 4}},
      {{5, 5}, {3, 4}, {1, 2}}, {{6, 6}, {4, 3}, {2, 2}, {3, 1}}};
  int step = 0;
  for (const std::vector<spp_level> &levels : pyramids) {
    for (std::int64_t height = 1; height <= 7; ++height) {
      for (std::int64_t width = 1; width <= 7; ++width) {
        for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
          Scenario scenario;
          scenario.recipe.levels = levels;
          scenario.recipe.bin_rule = bin_rule;
          scenario.recipe.empty_policy = SPP_EMPTY_ZERO;
          scenario.height = height;
          scenario.width = width;
          scenario.channels = 1 + ++step % 9;
          scenario.paint = static_cast<Paint>(step % paint_count);
          ASSERT_TRUE(agrees(GetParam(), scenario))
              << height << " x " << width << ", pyramid " << levels[0].rows << " x "
              << levels[0].columns << ", " << levels[1].rows << " x " << levels[1].columns;
        }
      }
    }
  }
}

SPP_TEST_EVERY_TIER(LevelShapes);

}  // namespace
