#include "support/painted_batch.hpp"

namespace {

// Elements from the first to the last one in an island: along the axes that do not lead to another.
std::int64_t island_extent(const Scenario &scenario, const Strides &strides) {
  const std::int64_t page = Islands::page_bytes() / type_of(scenario.recipe).bytes;
  const auto size = [page](std::int64_t elements, std::int64_t stride) {
    return stride < page ? elements : 1;
  };
  return extent(1, size(scenario.height, strides.row), size(scenario.width, strides.column),
                size(scenario.channels, strides.channel), strides);
}

char *place(const Scenario &scenario, const Strides &strides) {
  const int bytes = type_of(scenario.recipe).bytes;
  if (scenario.islands == nullptr) {
    static GuardedBuffer buffer(guarded_bytes);
    const std::int64_t size =
        extent(scenario.count, scenario.height, scenario.width, scenario.channels, strides);
    return buffer.place(size, bytes, scenario.input_placement, poison(scenario.recipe));
  }
  char *const page = scenario.islands->first_page();
  if (scenario.input_placement != Placement::flush_end) return page;
  return page + Islands::page_bytes() - island_extent(scenario, strides) * bytes;
}

}  // namespace

PaintedBatch::PaintedBatch(const Scenario &scenario) {
  const Strides strides = scenario.strides.value_or(
      dense(scenario.recipe.layout, scenario.height, scenario.width, scenario.channels));
  const oracle::Type type = type_of(scenario.recipe);
  char *const data = place(scenario, strides);
  for (std::int64_t k = 0; k < scenario.count; ++k) {
    char *const map = data + k * strides.image * type.bytes;
    const oracle::Map view = {
        map,           scenario.valid_height(k), scenario.valid_width(k), scenario.channels,
        strides.row,   strides.column,           strides.channel,         type,
        scenario.width};
    paint_map(view, scenario.paint, k * scenario.height * scenario.width * scenario.channels, map);
    maps_.push_back(view);
  }
  strides_ = {strides.image, strides.row, strides.column, strides.channel};
  batch_.struct_size = sizeof batch_;
  batch_.data = data;
  batch_.count = scenario.count;
  batch_.height = scenario.height;
  batch_.width = scenario.width;
  batch_.channels = scenario.channels;
  batch_.strides = scenario.strides ? strides_.data() : nullptr;
  batch_.valid_heights = scenario.valid_heights.empty() ? nullptr : scenario.valid_heights.data();
  batch_.valid_widths = scenario.valid_widths.empty() ? nullptr : scenario.valid_widths.data();
}

std::vector<spp_map> PaintedBatch::list() const {
  std::vector<spp_map> maps;
  for (const oracle::Map &map : maps_)
    maps.push_back({sizeof(spp_map), map.data, map.height, map.width, strides_.data() + 1});
  return maps;
}
