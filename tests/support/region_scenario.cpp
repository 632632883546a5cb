#include "support/region_scenario.hpp"

#include "region_oracle.hpp"
#include "support/painted_batch.hpp"
#include "support/rows.hpp"

namespace {

spp_status call(const RegionScenario &scenario, const PaintedBatch &painted,
                const spp_pooling *pooling, const spp_output *output, const spp_argmax *argmax,
                const spp_execution *how) {
  const auto count = static_cast<std::int64_t>(scenario.regions.size());
  if (!scenario.ragged)
    return spp_pool_regions(pooling, &painted.batch(), scenario.regions.data(), count, output,
                            argmax, how);
  const std::vector<spp_map> maps = painted.list();
  return spp_pool_regions_ragged(pooling, maps.data(), static_cast<std::int64_t>(maps.size()),
                                 scenario.maps.channels, scenario.regions.data(), count, output,
                                 argmax, how);
}

void add_row(const RegionScenario &scenario, const PaintedBatch &painted, const spp_region &region,
             ExpectedRows &rows) {
  const Recipe &recipe = scenario.maps.recipe;
  oracle::Map map = painted.maps()[static_cast<std::size_t>(region.image)];
  if (scenario.ragged) map.whole_width = map.width;
  const oracle::Window window = {region.y, region.x, region.height, region.width};
  const auto row_of = [&](auto number, auto numbers) {
    return oracle::region_row<decltype(number)>(map, window,
                                                static_cast<oracle::RegionRule>(recipe.bin_rule),
                                                levels_of(recipe), rules_of(recipe), numbers);
  };
  std::vector<std::int64_t> positions;
  if (recipe.index_type) positions = row_of(std::int64_t{}, oracle::positions);
  rows.add(row_of(oracle::Value{}, oracle::maxima), positions);
}

}  // namespace

testing::AssertionResult agrees(std::int32_t tier, const RegionScenario &scenario,
                                const spp_execution *execution) {
  const PaintedBatch painted(scenario.maps);
  ExpectedRows rows(scenario.maps.recipe, scenario.maps.channels, scenario.maps.output_gap);
  for (const spp_region &region : scenario.regions) add_row(scenario, painted, region, rows);
  const auto make_call = [&](const spp_pooling *pooling, const spp_output *output,
                             const spp_argmax *argmax, const spp_execution *how) {
    const auto now = [&] { return call(scenario, painted, pooling, output, argmax, how); };
    return scenario.around ? scenario.around(now) : now();
  };
  testing::AssertionResult result =
      rows.compare(tier, scenario.maps.output_placement, execution, SPP_OK, make_call);
  if (!result)
    result << "\nin " << describe(scenario.maps) << ", " << scenario.regions.size() << " regions"
           << (scenario.ragged ? ", ragged" : "");
  return result;
}

testing::AssertionResult refuses(std::int32_t tier, const RegionScenario &scenario) {
  const PaintedBatch painted(scenario.maps);
  ExpectedRows rows(scenario.maps.recipe, scenario.maps.channels, scenario.maps.output_gap);
  const auto length = static_cast<std::size_t>(rows.length());
  for (std::size_t k = 0; k < scenario.regions.size(); ++k)  // of which nothing is to be written
    rows.add(std::vector<oracle::Value>(length), std::vector<std::int64_t>(length));
  return rows.compare(tier, scenario.maps.output_placement, nullptr, SPP_ERROR_INVALID_ARGUMENT,
                      [&](const spp_pooling *pooling, const spp_output *output,
                          const spp_argmax *argmax, const spp_execution *how) {
                        return call(scenario, painted, pooling, output, argmax, how);
                      });
}

std::vector<spp_region> some_regions(const Scenario &maps, std::int64_t count, bool roi,
                                     std::uint32_t seed) {
  std::vector<spp_region> regions;
  const auto below = [&seed](std::int64_t limit) {
    seed = seed * 1664525U + 1013904223U;
    return static_cast<std::int64_t>(seed >> 8) % limit;
  };
  constexpr std::int64_t far = std::int64_t{1} << 32;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t image = below(maps.count);
    const std::int64_t height = maps.valid_height(image);
    const std::int64_t width = maps.valid_width(image);
    switch (k % (roi ? 10 : 5)) {
      case 0:
        regions.push_back({image, 0, 0, height, width});
        break;
      case 1:
        regions.push_back({image, height - 1, width - 1, 1, 1});
        break;
      case 5:  // over a corner
        regions.push_back({image, -1 - below(4), -1 - below(4), 1 + below(9), 1 + below(9)});
        break;
      case 6:
        regions.push_back({image, height - below(4), width - below(4), 5, 1 + below(9)});
        break;
      case 7:  // all around
        regions.push_back({image, -below(40), -3, height + 45, width + below(100)});
        break;
      case 8:
        regions.push_back({image, -far + below(2), far, far, far});
        break;
      case 9:
        regions.push_back({image, -far / 2, below(width), far, 1});
        break;
      default: {
        const std::int64_t y = below(height);
        const std::int64_t x = below(width);
        regions.push_back({image, y, x, 1 + below(height - y), 1 + below(width - x)});
      }
    }
  }
  return regions;
}
