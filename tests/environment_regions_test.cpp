// As environment_test.cpp, for regions.

#include <gtest/gtest.h>

#include <vector>

#include "support/environment.hpp"
#include "support/pooling.hpp"
#include "support/region_scenario.hpp"

namespace {

class FloatingPointOfRegions : public TierTest {};

// Regions: shared tables and one by one, with positions and without.
std::vector<RegionScenario> all_regions() {
  std::vector<RegionScenario> all;
  for (const std::int32_t rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE, SPP_BINS_ROI}) {
    for (const Paint paint : {Paint::subnormals, Paint::many_nans}) {
      for (const bool with_positions : {false, true}) {
        RegionScenario scenario;
        scenario.maps.recipe = {square({1, 2, 7}), rule, 0, 0, SPP_EMPTY_LOWEST};
        if (with_positions) scenario.maps.recipe.index_type = SPP_INDEX_I64;
        scenario.maps.height = 13;
        scenario.maps.width = 17;
        scenario.maps.channels = 67;
        scenario.maps.paint = paint;
        scenario.regions = some_regions(scenario.maps, 60, rule == SPP_BINS_ROI, 5);
        all.push_back(scenario);
      }
    }
  }
  return all;
}

TEST_P(FloatingPointOfRegions, EnvironmentDoesNotMatterToRegions) {
  for (RegionScenario &scenario : all_regions()) {
    for (const Control environment : every_control) {
      bool kept = false;
      scenario.around = in_environment(environment, kept);
      ASSERT_TRUE(agrees(GetParam(), scenario)) << std::hex << environment;
      EXPECT_TRUE(kept);
    }
  }
}

TEST_P(FloatingPointOfRegions, EnvironmentsOfThreadsDoNotMatterToRegions) {
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  execution.thread_limit = 4;
  execution.executor = on_flushing_threads;
  for (const RegionScenario &scenario : all_regions())
    ASSERT_TRUE(agrees(GetParam(), scenario, &execution));
}

#if defined(__x86_64__)
TEST_P(FloatingPointOfRegions, StateOfTheX87DoesNotMatter) {
  for (RegionScenario &scenario : all_regions()) {
    scenario.around = with_dirty_x87;
    ASSERT_TRUE(agrees(GetParam(), scenario));
  }
}
#endif

SPP_TEST_EVERY_TIER(FloatingPointOfRegions);

}  // namespace
