// Regions whose rows are more than is kept in caches: they are written another way, in lines of 64 bytes,
// wherever the rows begin.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "region_oracle.hpp"
#include "support/paint.hpp"
#include "support/pooling.hpp"
#include "support/region_scenario.hpp"

namespace {

class RegionsPastCaches : public TierTest {};

// Of the rows: past the caches in narrow blocks.
constexpr std::int64_t bytes = std::int64_t{5} << 20;

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
      scenario.regions = some_regions(maps, bytes / (bin_count(levels) * channels * 4) + 1,
                                      rule == SPP_BINS_ROI, step);
      const spp_execution execution = execution_with(static_cast<std::int32_t>(1 + step % 2));
      ASSERT_TRUE(agrees(GetParam(), scenario, &execution)) << "step " << step;
      ++step;
    }
  }
}

// Rows of more than 64 MiB, which are pooled in wide blocks.  A few windows again and again, so that the
// oracle has little to do.
TEST_P(RegionsPastCaches, ValuesInWideBlocks) {
  constexpr std::int64_t height = 9, width = 13, channels = 208, different = 30;
  constexpr std::int64_t count = (std::int64_t{65} << 20) / (50 * channels * 4);
  const std::vector<spp_level> levels = square({6, 3, 2, 1});
  const oracle::Rules rules = {true, false, false, 0};
  for (const Paint paint : {Paint::numbers, Paint::few_nans}) {
    std::vector<std::uint32_t> cells;
    for (std::int64_t k = 0; k < height * width * channels; ++k) cells.push_back(painted(paint, k));
    const oracle::Map map = {cells.data(), height, width, channels, width * channels, channels, 1};
    Scenario maps;
    maps.count = 1;
    maps.height = height;
    maps.width = width;
    const std::vector<spp_region> windows = some_regions(maps, different, false, 1);
    std::vector<spp_region> regions;
    std::vector<std::vector<oracle::Value>> rows;
    for (const spp_region &window : windows)
      rows.push_back(oracle::region_row<oracle::Value>(
          map, {window.y, window.x, window.height, window.width}, oracle::RegionRule::adaptive,
          {{6, 6}, {3, 3}, {2, 2}, {1, 1}}, rules, oracle::maxima));
    for (std::int64_t k = 0; k < count; ++k)
      regions.push_back(windows[static_cast<std::size_t>(k % different)]);
    spp_options options = options_for(levels);
    options.bin_rule = SPP_BINS_ADAPTIVE;
    options.tier = GetParam();
    const Pooling pooling(options);
    spp_batch batch = {};
    batch.struct_size = sizeof batch;
    batch.data = cells.data();
    batch.count = 1;
    batch.height = height;
    batch.width = width;
    batch.channels = channels;
    constexpr std::int64_t length = 50 * channels;
    std::vector<std::uint32_t> memory(count * length + 32);
    for (const std::int64_t shift : {0, 4, 13}) {
      spp_output output = {};
      output.struct_size = sizeof output;
      output.data = memory.data() + shift;
      output.capacity = count * length;
      ASSERT_EQ(spp_pool_regions(pooling, &batch, regions.data(), count, &output, nullptr, nullptr),
                SPP_OK);
      for (std::int64_t k = 0; k < count * length; ++k) {
        const auto &row = rows[static_cast<std::size_t>(k / length % different)];
        ASSERT_EQ(memory[static_cast<std::size_t>(shift + k)],
                  row[static_cast<std::size_t>(k % length)])
            << "region " << k / length << ", element " << k % length << ", shift " << shift;
      }
    }
  }
}

SPP_TEST_EVERY_TIER(RegionsPastCaches);

}  // namespace
