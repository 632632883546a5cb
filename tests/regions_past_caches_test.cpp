// Regions whose rows are more than is kept in caches: they are written another way, in lines of 64 bytes,
// wherever the rows begin.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/region_scenario.hpp"

namespace {

class RegionsPastCaches : public TierTest {};

constexpr std::int64_t bytes = std::int64_t{17} << 20;

TEST_P(RegionsPastCaches, Values) {
  const std::vector<std::vector<spp_level>> pyramids = {square({6, 3, 2, 1}), square({1, 2, 4}),
                                                        square({7}), square({3, 1, 6, 2})};
  std::uint32_t step = 0;
  for (const std::int64_t channels : {64, 80, 192, 66}) {
    for (const Placement placement : {Placement::flush_start, Placement::shifted,
                                      Placement::shifted_by_four, Placement::flush_end}) {
      RegionScenario scenario;
      Scenario &maps = scenario.maps;
      const std::vector<spp_level> &levels = pyramids[(step + step / 4) % pyramids.size()];
      const std::int32_t rule = step % 3 == 0 ? SPP_BINS_ROI : SPP_BINS_ADAPTIVE;
      maps.recipe = {levels,           rule,   SPP_ORDER_BINS_CHANNELS, step % 2 == 0 ? 1 : 0,
                     SPP_EMPTY_LOWEST, SPP_F32};
      maps.recipe.layout = step % 5 == 4 ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC;
      maps.count = 1;
      maps.height = 14;
      maps.width = 19;
      maps.channels = channels;
      maps.paint = step % 3 == 1 ? Paint::few_nans : Paint::numbers;
      maps.output_placement = placement;
      maps.output_gap = step % 4 == 2 ? 16 : 0;
      std::int64_t bins = 0;
      for (const spp_level &level : levels) bins += std::int64_t{level.rows} * level.columns;
      scenario.regions =
          some_regions(maps, bytes / (bins * channels * 4) + 1, rule == SPP_BINS_ROI, step);
      spp_execution execution = {};
      execution.thread_limit = static_cast<std::int32_t>(1 + step % 2);
      ASSERT_TRUE(agrees(GetParam(), scenario, &execution)) << "step " << step;
      ++step;
    }
  }
}

SPP_TEST_EVERY_TIER(RegionsPastCaches);

}  // namespace
