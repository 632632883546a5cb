#include "support/scenario.hpp"

#include <array>
#include <sstream>

#include "support/painted_batch.hpp"
#include "support/rows.hpp"

namespace {

void add_row(const oracle::Map &map, const Recipe &recipe, ExpectedRows &rows) {
  std::vector<std::int64_t> positions;
  if (recipe.index_type) positions = oracle::argmax(map, levels_of(recipe), rules_of(recipe));
  rows.add(oracle::pool(map, levels_of(recipe), rules_of(recipe)), positions);
}

// How a call for these maps is to end.
spp_status status_of(const Recipe &recipe, const std::vector<oracle::Map> &maps) {
  if (recipe.empty_policy != SPP_EMPTY_ERROR) return SPP_OK;
  for (const oracle::Map &map : maps)
    if (empty_bins(recipe, map.height, map.width) != 0) return SPP_ERROR_EMPTY_BIN;
  return SPP_OK;
}

}  // namespace

std::vector<std::uint32_t> expected_row(const oracle::Map &map, const Recipe &recipe) {
  const std::vector<oracle::Value> values = oracle::pool(map, levels_of(recipe), rules_of(recipe));
  return std::vector<std::uint32_t>(values.begin(), values.end());
}

testing::AssertionResult agrees(std::int32_t tier, const Scenario &scenario,
                                const spp_execution *execution) {
  const PaintedBatch painted(scenario);
  ExpectedRows rows(scenario.recipe, scenario.channels, scenario.output_gap);
  for (const oracle::Map &map : painted.maps()) add_row(map, scenario.recipe, rows);
  const auto call = [&painted](const spp_pooling *pooling, const spp_output *output,
                               const spp_argmax *argmax, const spp_execution *how) {
    if (argmax != nullptr) return spp_pool_argmax(pooling, &painted.batch(), output, argmax, how);
    return spp_pool(pooling, &painted.batch(), output, how);
  };
  testing::AssertionResult result = rows.compare(tier, scenario.output_placement, execution,
                                                 status_of(scenario.recipe, painted.maps()), call);
  if (!result) result << "\nin " << describe(scenario);
  return result;
}

testing::AssertionResult agrees(std::int32_t tier, const RaggedScenario &scenario,
                                const spp_execution *execution) {
  constexpr std::size_t buffers = 5;
  static std::array<GuardedBuffer, buffers> inputs = {
      GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes),
      GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes)};
  if (scenario.maps.size() > buffers) return testing::AssertionFailure() << "too many maps";
  const oracle::Type type = type_of(scenario.recipe);

  ExpectedRows rows(scenario.recipe, scenario.channels, scenario.output_gap);
  std::vector<std::array<std::int64_t, 3>> strides(scenario.maps.size());
  std::vector<oracle::Map> views;
  std::vector<spp_map> maps;
  for (std::size_t k = 0; k < scenario.maps.size(); ++k) {
    const RaggedMap &map = scenario.maps[k];
    const Strides own = map.strides.value_or(
        dense(scenario.recipe.layout, map.height, map.width, scenario.channels));
    char *const data =
        inputs[k].place(extent(1, map.height, map.width, scenario.channels, own), type.bytes,
                        scenario.input_placement, poison(scenario.recipe));
    views.push_back(
        {data, map.height, map.width, scenario.channels, own.row, own.column, own.channel, type});
    paint_map(views.back(), scenario.paint, static_cast<std::int64_t>(k) * 100003, data);
    add_row(views.back(), scenario.recipe, rows);
    strides[k] = {own.row, own.column, own.channel};
    maps.push_back(
        {sizeof(spp_map), data, map.height, map.width, map.strides ? strides[k].data() : nullptr});
  }
  const auto call = [&](const spp_pooling *pooling, const spp_output *output,
                        const spp_argmax *argmax, const spp_execution *how) {
    const auto count = static_cast<std::int64_t>(maps.size());
    if (argmax != nullptr)
      return spp_pool_ragged_argmax(pooling, maps.data(), count, scenario.channels, output, argmax,
                                    how);
    return spp_pool_ragged(pooling, maps.data(), count, scenario.channels, output, how);
  };
  testing::AssertionResult result = rows.compare(tier, scenario.output_placement, execution,
                                                 status_of(scenario.recipe, views), call);
  if (!result) {
    result << "\nin " << describe(scenario.recipe) << ", ragged, " << scenario.channels
           << " channels, " << paint_name(scenario.paint);
    for (const RaggedMap &map : scenario.maps) result << ' ' << map.height << 'x' << map.width;
  }
  return result;
}

std::string describe(const Scenario &scenario) {
  std::ostringstream text;
  text << describe(scenario.recipe) << "; " << scenario.count << 'x' << scenario.height << 'x'
       << scenario.width << 'x' << scenario.channels << ' ' << paint_name(scenario.paint);
  if (scenario.strides) {
    text << ", strides " << scenario.strides->image << ' ' << scenario.strides->row << ' '
         << scenario.strides->column << ' ' << scenario.strides->channel;
  }
  text << ", placements " << static_cast<int>(scenario.input_placement) << ' '
       << static_cast<int>(scenario.output_placement) << ", output gap " << scenario.output_gap;
  return text.str();
}
