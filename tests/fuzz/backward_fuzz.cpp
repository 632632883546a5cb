// Gradients with any description within a memory bound, of batches and of lists, with a row for each
// map or for each of some regions, and positions of any origin, compared with the oracle; and positions
// of arbitrary bytes, which must be refused or written within the maps.

#include "fuzz/any.hpp"
#include "support/gradient_scenario.hpp"
#include "support/guarded.hpp"

namespace {

constexpr std::int64_t most_length = 60;

// A few cells beside the right one, that of another bin of the channel, or of any place.
PositionEdit any_edit(Draw &draw, const GradientScenario &scenario, std::size_t rows) {
  const auto channels = static_cast<std::size_t>(scenario.channels);
  const std::size_t bins = static_cast<std::size_t>(bin_count(scenario.recipe.levels));
  PositionEdit edit = {};
  edit.row = draw.within<std::size_t>(0, rows - 1);
  const auto channel = draw.within<std::size_t>(0, channels - 1);
  edit.place = draw.within<std::size_t>(0, bins - 1) * channels + channel;
  edit.from = edit.place;
  if (draw.coin()) edit.from = draw.within<std::size_t>(0, bins - 1) * channels + channel;
  if (draw.one_in(8)) edit.from = draw.within<std::size_t>(0, bins * channels - 1);
  switch (draw.within(0, 4)) {
    case 0:
      break;
    case 1:
      edit.by = draw.within(-3, 3);
      break;
    case 2:
      edit.by = draw.coin() ? 1 : -1;
      break;
    case 3:
      edit.by = scenario.maps[0].width * (draw.coin() ? 1 : -1);
      break;
    default:
      edit.by = draw.within<std::int64_t>(-most_elements, most_elements);
  }
  return edit;
}

void add_maps(Draw &draw, Geometry geometry, GradientScenario &scenario) {
  scenario.ragged = draw.one_in(3);
  const std::int64_t size = geometry.height * geometry.width * scenario.channels;
  const auto most = std::clamp<std::int64_t>(most_elements / size, 1, draw.within(1, 4));
  GradientMap map = {geometry.height, geometry.width, {}};
  if (draw.one_in(3))
    map.strides =
        any_strides(draw, {most, geometry.height, geometry.width, scenario.channels}, false);
  for (std::int64_t k = 0; k < most; ++k) {
    scenario.maps.push_back(map);
    if (!scenario.ragged) continue;
    map = {geometry.height, geometry.width, {}};
    if (draw.coin()) map.height = draw.within<std::int64_t>(1, geometry.height);
    if (draw.coin()) map.width = draw.within<std::int64_t>(1, geometry.width);
    if (draw.one_in(3))
      map.strides = any_strides(draw, {1, map.height, map.width, scenario.channels}, false);
  }
  if (scenario.ragged || draw.coin()) return;
  for (GradientMap &valid : scenario.maps) {
    valid.valid_height = draw.within<std::int64_t>(1, geometry.height);
    valid.valid_width = draw.within<std::int64_t>(1, geometry.width);
  }
}

GradientScenario any_scenario(Draw &draw) {
  GradientScenario scenario;
  const Geometry geometry =
      draw.coin() ? nested_geometry(draw, most_length) : any_geometry(draw, most_length);
  scenario.recipe = any_recipe(draw);
  scenario.recipe.levels = geometry.levels;
  scenario.recipe.index_type.reset();
  scenario.recipe.element_type = draw.within<std::int32_t>(SPP_F32, SPP_BF16);
  scenario.channels = any_channels(draw, geometry, most_elements);
  add_maps(draw, geometry, scenario);
  scenario.index_type = draw.within(0, 1);
  scenario.origin = draw.coin() ? Origin::winners : draw.one_of<Origin>(origin_count);
  scenario.paint = draw.one_of<Paint>(paint_count);
  scenario.placement = draw.one_of<Placement>(placement_count);
  scenario.gradient_gap = draw.within(0, 3);
  scenario.argmax_gap = draw.within(0, 3);
  scenario.by_regions = draw.one_in(3);
  for (auto more = draw.within(0, 5); scenario.by_regions && more > 0; --more) {
    const auto image = draw.within<std::size_t>(0, scenario.maps.size() - 1);
    scenario.regions.push_back({static_cast<std::int64_t>(image), 0, 0, 1, 1});
  }
  const std::size_t rows = scenario.by_regions ? scenario.regions.size() : scenario.maps.size();
  for (auto more = draw.within(0, 3); rows != 0 && more > 0; --more)
    scenario.edits.push_back(any_edit(draw, scenario, rows));
  return scenario;
}

constexpr std::int64_t height = 5, width = 7, channels = 19, length = 5 * channels;

// A small map between guard pages.
void write_from_any_positions(Draw &draw) {
  static GuardedBuffer maps(1 << 16);
  static GuardedBuffer rows(1 << 16);
  const std::vector<spp_level> levels = square({2, 1});
  spp_options options = options_for(levels);
  options.order = draw.within(0, 1);
  const Pooling pooling(options);
  const bool wide = draw.coin();
  std::vector<std::int64_t> positions(length);
  for (std::int64_t &position : positions)
    position = draw.within<std::int64_t>(-1, height * width - 1);
  for (auto more = draw.within(0, 2); more > 0; --more) {
    std::int64_t &position = positions[draw.within<std::size_t>(0, positions.size() - 1)];
    switch (draw.within(0, wide ? 2 : 1)) {
      case 0:
        position = draw.any<std::int32_t>();
        break;
      case 1:
        position = draw.coin() ? height * width : draw.within<std::int64_t>(-3, height * width + 1);
        break;
      default:  // fits in its lower half alone
        position += draw.within<std::int64_t>(-4, 4) * (std::int64_t{1} << 32);
    }
  }
  std::vector<std::int32_t> narrow(positions.begin(), positions.end());
  spp_gradient gradient = {};
  gradient.struct_size = sizeof gradient;
  gradient.data = rows.place(length, sizeof(float), Placement::flush_end, 0);
  gradient.capacity = length;
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = wide ? static_cast<void *>(positions.data()) : narrow.data();
  argmax.capacity = length;
  argmax.index_type = wide ? SPP_INDEX_I64 : SPP_INDEX_I32;
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.count = 1;
  batch.height = height;
  batch.width = width;
  batch.channels = channels;
  char *map = maps.place(height * width * channels, sizeof(float), Placement::flush_end, 0x5a);
  const spp_status status = spp_backward(pooling, &gradient, &argmax, &batch, map, nullptr);
  const bool fits = std::all_of(positions.begin(), positions.end(), [](std::int64_t position) {
    return position >= -1 && position < height * width;
  });
  if (status != (fits ? SPP_OK : SPP_ERROR_INVALID_ARGUMENT) || !maps.margins_hold()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  Draw draw(data, size);
  if (draw.one_in(8))
    write_from_any_positions(draw);
  else
    agree_on_all_tiers(draw, any_scenario(draw));
  return 0;
}
