// Regions with any description within a memory bound, both rules and roi, compared with the oracle;
// windows of arbitrary numbers, which must be refused whole or give the oracle's bits; and boxes of
// arbitrary bytes through both projections, compared with a second way of writing them.

#include <cmath>
#include <cstring>

#include "fuzz/any.hpp"
#include "support/region_scenario.hpp"

namespace {

constexpr std::int64_t most_numbers = 100000;  // of all rows together

[[noreturn]] void stop(const char *what) {
  std::fprintf(stderr, "%s: %s\n", what, spp_last_error());
  std::abort();
}

std::int64_t valid(const std::vector<std::int64_t> &sizes, std::int64_t image, std::int64_t full) {
  return sizes.empty() ? full : sizes[static_cast<std::size_t>(image)];
}

Scenario any_maps(FuzzedDataProvider &bytes) {
  Scenario maps;
  maps.recipe = any_recipe(bytes);
  maps.recipe.bin_rule = bytes.ConsumeIntegralInRange<std::int32_t>(0, SPP_BINS_ROI);
  // Whether a bin is empty is the subject of the other programs.
  maps.recipe.empty_policy = maps.recipe.bin_rule == SPP_BINS_ROUNDED
                                 ? bytes.ConsumeIntegralInRange<std::int32_t>(1, 2)
                                 : bytes.ConsumeIntegralInRange<std::int32_t>(0, 2);
  if (bytes.ConsumeBool()) maps.recipe.element_type = SPP_F32;  // which has a way of its own
  std::int64_t budget = most_elements;
  maps.count = size_within(bytes, 4, budget);
  maps.channels = size_within(bytes, 200, budget);
  maps.height = size_within(bytes, 60, budget);
  maps.width = size_within(bytes, 60, budget);
  if (bytes.ConsumeBool()) maps.strides = any_strides(bytes, maps, true);
  if (bytes.ConsumeBool()) {
    for (std::int64_t k = 0; k < maps.count; ++k) {
      maps.valid_heights.push_back(bytes.ConsumeIntegralInRange<std::int64_t>(1, maps.height));
      maps.valid_widths.push_back(bytes.ConsumeIntegralInRange<std::int64_t>(1, maps.width));
    }
  }
  maps.paint = any_of<Paint>(bytes, paint_count);
  maps.input_placement = any_of<Placement>(bytes, placement_count);
  maps.output_placement = any_of<Placement>(bytes, placement_count);
  maps.output_gap = bytes.ConsumeIntegralInRange<std::int64_t>(0, 3);
  return maps;
}

// Within the map mostly; else of any numbers, small ones and those near the limits included.
spp_region any_region(FuzzedDataProvider &bytes, const Scenario &maps, bool any_numbers) {
  const auto number = [&] {
    constexpr std::int64_t limit = std::int64_t{1} << 32;
    switch (bytes.ConsumeIntegralInRange<int>(0, 3)) {
      case 0:
        return bytes.ConsumeIntegral<std::int64_t>();
      case 1:
        return bytes.ConsumeIntegralInRange<std::int64_t>(-limit - 2, -limit + 2);
      case 2:
        return bytes.ConsumeIntegralInRange<std::int64_t>(limit - 2, limit + 2);
      default:
        return bytes.ConsumeIntegralInRange<std::int64_t>(-70, 70);
    }
  };
  if (any_numbers)
    return {bytes.ConsumeIntegralInRange<std::int64_t>(-1, maps.count), number(), number(),
            number(), number()};
  const auto image = bytes.ConsumeIntegralInRange<std::int64_t>(0, maps.count - 1);
  const auto part = [&](std::int64_t length, std::int64_t &size) {
    const auto first = bytes.ConsumeIntegralInRange<std::int64_t>(0, length - 1);
    size = bytes.ConsumeIntegralInRange<std::int64_t>(1, length - first);
    return first;
  };
  spp_region region = {};
  region.image = image;
  region.y = part(valid(maps.valid_heights, image, maps.height), region.height);
  region.x = part(valid(maps.valid_widths, image, maps.width), region.width);
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
  const std::int64_t height = valid(maps.valid_heights, region.image, maps.height);
  const std::int64_t width = valid(maps.valid_widths, region.image, maps.width);
  return region.y >= 0 && region.x >= 0 && region.height <= height && region.width <= width &&
         region.y <= height - region.height && region.x <= width - region.width;
}

void pool_any_regions(FuzzedDataProvider &bytes) {
  RegionScenario scenario;
  scenario.maps = any_maps(bytes);
  scenario.ragged = bytes.ConsumeBool();
  const bool any_numbers = bytes.ConsumeIntegralInRange<int>(0, 3) == 0;
  const auto count = bytes.ConsumeIntegralInRange<int>(1, bytes.ConsumeBool() ? 4 : 60);
  bool allowed = true;
  std::int64_t length = 0;
  for (const spp_level &level : scenario.maps.recipe.levels)
    length += std::int64_t{level.rows} * level.columns * scenario.maps.channels;
  for (int k = 0; k < count && (k == 0 || k * length < most_numbers); ++k) {
    scenario.regions.push_back(any_region(bytes, scenario.maps, any_numbers));
    allowed = allowed && is_allowed(scenario.maps, scenario.regions.back());
  }
  if (allowed) return agree_on_all_tiers(scenario);
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

float any_float(FuzzedDataProvider &bytes) {
  if (bytes.ConsumeBool())
    return static_cast<float>(bytes.ConsumeIntegralInRange<int>(-4000, 4000)) / 8;
  const auto bits = bytes.ConsumeIntegral<std::uint32_t>();
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void project_any_boxes(FuzzedDataProvider &bytes) {
  const bool is_paper = bytes.ConsumeBool();
  const float factor = any_float(bytes);
  const auto height = bytes.ConsumeIntegralInRange<std::int64_t>(1, 100);
  const auto width = bytes.ConsumeIntegralInRange<std::int64_t>(1, 100);
  const auto count = bytes.ConsumeIntegralInRange<std::size_t>(1, 3);
  std::vector<float> boxes(4 * count);
  bool fine = factor > 0 && std::isfinite(factor);
  for (float &edge : boxes) {
    edge = any_float(bytes);
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
  FuzzedDataProvider bytes(data, size);
  if (bytes.ConsumeIntegralInRange<int>(0, 3) == 0)
    project_any_boxes(bytes);
  else
    pool_any_regions(bytes);
  return 0;
}
