// How maps are cut for threads where there is little to cut, which shows in no bit.

#include <gtest/gtest.h>

#include <cstdint>

#include "support/gradient_scenario.hpp"
#include "support/scenario.hpp"

namespace {

class Cuts : public TierTest {};

// Rows that no bin has, at the cuts of a map among others.
TEST_P(Cuts, RowsInNoBin) {
  for (const std::int32_t threads : {2, 3, 8}) {
    GradientScenario scene;
    scene.recipe.levels = {{12, 2}};
    scene.maps = {{31, 13, {}}};
    scene.channels = 400;
    const spp_execution execution = execution_with(threads, backwards);
    ASSERT_TRUE(agrees(GetParam(), scene, &execution));
  }
}

// Maps that are to be cut into more parts than they have rows: by rows all the same, by channels, by
// columns.
TEST_P(Cuts, MoreThreadsThanRows) {
  struct Size {
    std::int64_t height, width, channels;
  };
  for (const Size size : {Size{20, 20, 4096}, Size{9, 9, 10240}, Size{19, 20, 4096}}) {
    Scenario scenario;
    scenario.recipe.levels = square({1, 2});
    scenario.height = size.height;
    scenario.width = size.width;
    scenario.channels = size.channels;
    const spp_execution execution = execution_with(60, backwards);
    ASSERT_TRUE(agrees(GetParam(), scenario, &execution));
  }
}

SPP_TEST_EVERY_TIER(Cuts);

}  // namespace
