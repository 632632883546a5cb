// Regions with any description within a memory bound, both rules and roi, compared with the oracle;
// windows of arbitrary numbers, which must be refused whole or give the oracle's bits; and boxes of
// arbitrary bytes through both projections, compared with a second way of writing them.

#include <cmath>
#include <cstring>

#include "fuzz/any.hpp"
#include "support/region_scenario.hpp"

namespace {

constexpr std::int64_t most_region_numbers = 20000;  // of all rows together

[[noreturn]] void stop(const char *what) {
  std::fprintf(stderr, "%s: %s\n", what, spp_last_error());
  std::abort();
}

Scenario any_maps(Draw &draw) {
  Scenario maps;
  const Geometry geometry = any_geometry(draw, 40);
  maps.recipe = any_recipe(draw);
  maps.recipe.levels = geometry.levels;
  if (draw.coin()) maps.recipe.bin_rule = SPP_BINS_ROI;
  // Whether a bin is empty is the subject of the other programs.
  if (maps.recipe.bin_rule == SPP_BINS_ROUNDED) maps.recipe.empty_policy = draw.within(1, 2);
  if (draw.coin()) {  // which has a way of its own
    maps.recipe.element_type = SPP_F32;
    maps.recipe.order = SPP_ORDER_BINS_CHANNELS;
    maps.recipe.index_type.reset();
  }
  draw_maps(draw, geometry, maps);
  return maps;
}

// A window along one axis: a part of it, or of a length that suits the bins.
std::int64_t part_of(Draw &draw, std::int64_t length, std::int32_t side, std::int64_t &size) {
  size = length_near(draw, side, length);
  return draw.within<std::int64_t>(0, length - size);
}

// What sticks out of the map by few cells, on either side or on both.
std::int64_t about(Draw &draw, std::int64_t length, std::int64_t &size) {
  const auto first = draw.within<std::int64_t>(-5, length + 2);
  size = draw.within<std::int64_t>(1, draw.coin() ? 8 : length + 10);
  return first;
}

// Of any numbers, small ones and those near the limits included.
std::int64_t any_number(Draw &draw) {
  constexpr std::int64_t limit = std::int64_t{1} << 32;
  switch (draw.within(0, 3)) {
    case 0:
      return draw.any<std::int64_t>();
    case 1:
      return draw.within<std::int64_t>(-limit - 2, -limit + 2);
    case 2:
      return draw.within<std::int64_t>(limit - 2, limit + 2);
    default:
      return draw.within<std::int64_t>(-70, 70);
  }
}

enum class Windows { within, about, any };

spp_region any_region(Draw &draw, const Scenario &maps, Windows windows) {
  spp_region region = {};
  region.image = draw.within<std::int64_t>(0, maps.count - 1);
  const std::int64_t rows = maps.valid_height(region.image);
  const std::int64_t columns = maps.valid_width(region.image);
  switch (windows) {
    case Windows::within:
      region.y = part_of(draw, rows, maps.recipe.levels[0].rows, region.height);
      region.x = part_of(draw, columns, maps.recipe.levels[0].columns, region.width);
      break;
    case Windows::about:
      region.y = about(draw, rows, region.height);
      region.x = about(draw, columns, region.width);
      break;
    case Windows::any:
      region = {draw.within<std::int64_t>(-1, maps.count), any_number(draw), any_number(draw),
                any_number(draw), any_number(draw)};
  }
  return region;
}

// docs/values.md, section 7: where a window may lie.
bool is_allowed(const Scenario &maps, const spp_region &region) {
  constexpr std::int64_t limit = std::int64_t{1} << 32;
  if (region.image < 0 || region.image >= maps.count || region.height < 1 || region.width < 1)
    return false;
  if (maps.recipe.bin_rule == SPP_BINS_ROI)
    return region.height <= limit && region.width <= limit && region.y >= -limit &&
           region.y <= limit && region.x >= -limit && region.x <= limit;
  const std::int64_t height = maps.valid_height(region.image);
  const std::int64_t width = maps.valid_width(region.image);
  return region.y >= 0 && region.x >= 0 && region.height <= height && region.width <= width &&
         region.y <= height - region.height && region.x <= width - region.width;
}

void pool_any_regions(Draw &draw) {
  RegionScenario scenario;
  scenario.maps = any_maps(draw);
  scenario.ragged = draw.coin();
  Windows windows = Windows::within;
  if (scenario.maps.recipe.bin_rule == SPP_BINS_ROI && draw.coin()) windows = Windows::about;
  if (draw.one_in(8)) windows = draw.coin() ? Windows::any : Windows::about;
  const auto count = draw.within(1, draw.coin() ? 4 : 60);
  bool allowed = true;
  const std::int64_t length = bin_count(scenario.maps.recipe.levels) * scenario.maps.channels;
  for (int k = 0; k < count && (k == 0 || k * length < most_region_numbers); ++k) {
    scenario.regions.push_back(any_region(draw, scenario.maps, windows));
    allowed = allowed && is_allowed(scenario.maps, scenario.regions.back());
  }
  if (allowed) return agree_on_all_tiers(draw, scenario);
  for (const std::int32_t tier : all_tiers)
    if (spp_tier_refusal(tier) == nullptr && !refuses(tier, scenario))
      stop("not refused, or written to");
}

// ------------------------------------------------------------------------------------- projections

struct Axis {
  std::int64_t first, size;
};

bool is_in_range(float value) { return value >= -1073741824.0F && value <= 1073741824.0F; }

Axis paper_axis(float low, float high, float stride, std::int64_t length) {
  const volatile float first_cell = low / stride, last_cell = high / stride;
  const auto moved = [length](double cell) {
    return static_cast<std::int64_t>(
        std::fmin(std::fmax(cell, 0), static_cast<double>(length - 1)));
  };
  const std::int64_t first = moved(std::floor(static_cast<double>(first_cell)) + 1);
  const std::int64_t last = moved(std::ceil(static_cast<double>(last_cell)) - 1);
  if (last >= first) return {first, last - first + 1};
  return {(first + last) / 2, 1};
}

Axis roi_axis(float low, float high, float scale) {
  const volatile float first_cell = low * scale, last_cell = high * scale;
  const auto away = [](double cell) {  // halves away from zero
    return static_cast<std::int64_t>(cell < 0 ? std::ceil(cell - 0.5) : std::floor(cell + 0.5));
  };
  const std::int64_t first = away(static_cast<double>(first_cell));
  return {first, std::max<std::int64_t>(away(static_cast<double>(last_cell)) - first + 1, 1)};
}

float any_float(Draw &draw) {
  if (draw.coin()) return static_cast<float>(draw.within(-4000, 4000)) / 8;
  const auto bits = draw.any<std::uint32_t>();
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void project_any_boxes(Draw &draw) {
  const bool is_paper = draw.coin();
  const float factor = any_float(draw);
  const auto height = draw.within<std::int64_t>(1, 100);
  const auto width = draw.within<std::int64_t>(1, 100);
  const auto count = draw.within<std::size_t>(1, 3);
  std::vector<float> boxes(4 * count);
  bool fine = factor > 0 && std::isfinite(factor);
  for (float &edge : boxes) {
    edge = any_float(draw);
    const volatile float moved = is_paper ? edge / factor : edge * factor;
    fine = fine && is_in_range(edge) && is_in_range(moved);
  }
  const spp_region untouched = {-5, -5, -5, -5, -5};
  std::vector<spp_region> regions(count, untouched);
  const auto boxes_count = static_cast<std::int64_t>(count);
  const spp_status status =
      is_paper ? spp_project_paper(boxes.data(), nullptr, boxes_count, factor, height, width,
                                   regions.data())
               : spp_project_roi_pool(boxes.data(), nullptr, boxes_count, factor, regions.data());
  if (status != (fine ? SPP_OK : SPP_ERROR_INVALID_ARGUMENT)) stop("another status");
  for (std::size_t k = 0; k < count; ++k) {
    spp_region expected = untouched;
    if (fine) {
      const float *const box = boxes.data() + 4 * k;
      const Axis rows =
          is_paper ? paper_axis(box[1], box[3], factor, height) : roi_axis(box[1], box[3], factor);
      const Axis columns =
          is_paper ? paper_axis(box[0], box[2], factor, width) : roi_axis(box[0], box[2], factor);
      expected = {0, rows.first, columns.first, rows.size, columns.size};
    }
    if (std::memcmp(&regions[k], &expected, sizeof expected) != 0) stop("another window");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  Draw draw(data, size);
  if (draw.one_in(8))
    project_any_boxes(draw);
  else
    pool_any_regions(draw);
  return 0;
}
