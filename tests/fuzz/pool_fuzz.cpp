// Batches and lists of maps with any description within a memory bound: each call must give the
// oracle's bits or say what is wrong, on every tier of the machine, and touch nothing outside of what
// was described.

#include "fuzz/any.hpp"

namespace {

constexpr std::int64_t most_length = 100;

Scenario any_batch(Draw &draw) {
  Scenario scenario;
  const Geometry geometry = any_geometry(draw, most_length);
  scenario.recipe = any_recipe(draw);
  scenario.recipe.levels = geometry.levels;
  draw_maps(draw, geometry, scenario);
  return scenario;
}

RaggedScenario any_list(Draw &draw) {
  RaggedScenario scenario;
  Geometry geometry = any_geometry(draw, most_length);
  scenario.recipe = any_recipe(draw);
  scenario.recipe.levels = geometry.levels;
  scenario.channels = any_channels(draw, geometry, most_elements);
  std::int64_t left = most_elements;
  for (auto more = draw.within(1, 5); more > 0; --more) {
    RaggedMap map = {geometry.height, geometry.width, {}};
    left -= map.height * map.width * scenario.channels;
    if (left < 0 && !scenario.maps.empty()) break;
    if (draw.coin())
      map.strides = any_strides(draw, {1, map.height, map.width, scenario.channels}, true);
    scenario.maps.push_back(map);
    if (draw.coin()) geometry.height = length_near(draw, geometry.levels[0].rows, 40);
    if (draw.coin()) geometry.width = length_near(draw, geometry.levels[0].columns, 40);
  }
  draw_contents(draw, scenario);
  return scenario;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  Draw draw(data, size);
  if (draw.one_in(3))
    agree_on_all_tiers(draw, any_list(draw));
  else
    agree_on_all_tiers(draw, any_batch(draw));
  return 0;
}
