#include "support/region_scenario.hpp"

#include <array>
#include <cstring>

#include "region_oracle.hpp"

namespace {

using oracle::Value;

constexpr Value untouched = 0xa5a5a5a5a5a5a5a5U;
constexpr std::int64_t untouched_position = -7;
constexpr std::int64_t buffer_bytes = std::int64_t{1} << 26;

Strides strides_of(const Scenario &maps) {
  if (maps.strides) return *maps.strides;
  const std::int64_t size = maps.height * maps.width * maps.channels;
  if (maps.recipe.layout == SPP_LAYOUT_NCHW) return {size, maps.width, 1, maps.height * maps.width};
  return {size, maps.width * maps.channels, maps.channels, 1};
}

std::int64_t valid(const std::vector<std::int64_t> &sizes, std::int64_t image, std::int64_t full) {
  return sizes.empty() ? full : sizes[static_cast<std::size_t>(image)];
}

// What lies around and between the maps: it would be the maximum.
Value poison(oracle::Type type) {
  if (type.kind == oracle::Kind::floating) return oracle::infinity(type);
  return oracle::lowest(type) ^ (2 * oracle::sign_bit(type) - 1);
}

// The painted maps, with as much between guards as they have.
std::vector<oracle::Map> paint_maps(const Scenario &maps, const Strides &strides) {
  static GuardedBuffer buffer(buffer_bytes);
  const oracle::Type type = element_of(maps.recipe.element_type).type;
  const std::int64_t extent = 1 + (maps.count - 1) * strides.image +
                              (maps.height - 1) * strides.row + (maps.width - 1) * strides.column +
                              (maps.channels - 1) * strides.channel;
  char *data = buffer.place(extent, type.bytes, maps.input_placement, poison(type));
  std::vector<oracle::Map> result;
  for (std::int64_t k = 0; k < maps.count; ++k) {
    result.push_back({data + k * strides.image * type.bytes,
                      valid(maps.valid_heights, k, maps.height),
                      valid(maps.valid_widths, k, maps.width), maps.channels, strides.row,
                      strides.column, strides.channel, type, maps.width});
    std::int64_t position = k * 100003;
    for (std::int64_t y = 0; y < maps.height; ++y)
      for (std::int64_t x = 0; x < maps.width; ++x)
        for (std::int64_t c = 0; c < maps.channels; ++c) {
          const Value value = painted(type, maps.paint, position++);
          std::memcpy(data + (k * strides.image + y * strides.row + x * strides.column +
                              c * strides.channel) *
                                 type.bytes,
                      &value, static_cast<std::size_t>(type.bytes));
        }
  }
  return result;
}

struct Expected {
  std::vector<Value> values;
  std::vector<std::int64_t> positions;
  std::int64_t row_stride;
};

Expected expect(const RegionScenario &scenario, const std::vector<oracle::Map> &maps) {
  const Recipe &recipe = scenario.maps.recipe;
  std::vector<oracle::Level> levels;
  std::int64_t length = 0;
  for (const spp_level &level : recipe.levels) {
    levels.push_back({level.rows, level.columns});
    length += level.rows * level.columns * scenario.maps.channels;
  }
  const auto rule = static_cast<oracle::RegionRule>(recipe.bin_rule);
  const bool zero = recipe.empty_policy == SPP_EMPTY_ZERO || rule == oracle::RegionRule::roi;
  const oracle::Rules rules = {rule == oracle::RegionRule::adaptive,
                               recipe.order == SPP_ORDER_CHANNELS_BINS,
                               recipe.nan_policy == SPP_NAN_IGNORE,
                               zero ? 0 : oracle::lowest(element_of(recipe.element_type).type)};
  Expected expected{{}, {}, length + scenario.maps.output_gap};
  const auto add = [&](auto &all, const auto &row, auto filler) {
    if (!all.empty())
      all.resize(all.size() + static_cast<std::size_t>(scenario.maps.output_gap), filler);
    all.insert(all.end(), row.begin(), row.end());
  };
  for (const spp_region &region : scenario.regions) {
    const oracle::Map &map = maps[static_cast<std::size_t>(region.image)];
    const oracle::Window window = {region.y, region.x, region.height, region.width};
    add(expected.values,
        oracle::region_row<Value>(map, window, rule, levels, rules, oracle::maxima), untouched);
    if (recipe.index_type)
      add(expected.positions,
          oracle::region_row<std::int64_t>(map, window, rule, levels, rules, oracle::positions),
          untouched_position);
  }
  return expected;
}

testing::AssertionResult differs(const char *what, std::size_t k, const Expected &expected) {
  const auto stride = static_cast<std::size_t>(expected.row_stride);
  return testing::AssertionFailure()
         << what << " of region " << k / stride << ", element " << k % stride;
}

testing::AssertionResult compare(const Recipe &recipe, const Expected &expected,
                                 const char *written, const void *positions) {
  const oracle::Type type = element_of(recipe.element_type).type;
  const Value all_bits = 2 * oracle::sign_bit(type) - 1;
  for (std::size_t k = 0; k < expected.values.size(); ++k) {
    const Value found = oracle::value_at(written, type, static_cast<std::int64_t>(k));
    const Value wanted = expected.values[k] & all_bits;
    if (found != wanted)
      return differs("value", k, expected)
             << std::hex << ": 0x" << found << " instead of 0x" << wanted;
  }
  for (std::size_t k = 0; k < expected.positions.size(); ++k) {
    const std::int64_t found = *recipe.index_type == SPP_INDEX_I32
                                   ? static_cast<const std::int32_t *>(positions)[k]
                                   : static_cast<const std::int64_t *>(positions)[k];
    if (found != expected.positions[k])
      return differs("position", k, expected)
             << ": " << found << " instead of " << expected.positions[k];
  }
  return testing::AssertionSuccess();
}

spp_status call(const spp_pooling *pooling, const RegionScenario &scenario, const Strides &strides,
                const std::vector<oracle::Map> &maps, const spp_output &output,
                const spp_argmax *argmax, const spp_execution &execution) {
  const Scenario &given = scenario.maps;
  const auto count = static_cast<std::int64_t>(scenario.regions.size());
  const std::array<std::int64_t, 4> element_strides = {strides.image, strides.row, strides.column,
                                                       strides.channel};
  if (scenario.ragged) {
    std::vector<spp_map> list;
    for (const oracle::Map &map : maps)
      list.push_back(
          {sizeof(spp_map), map.data, map.height, map.width, element_strides.data() + 1});
    return spp_pool_regions_ragged(pooling, list.data(), static_cast<std::int64_t>(list.size()),
                                   given.channels, scenario.regions.data(), count, &output, argmax,
                                   &execution);
  }
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = maps[0].data;
  batch.count = given.count;
  batch.height = given.height;
  batch.width = given.width;
  batch.channels = given.channels;
  batch.strides = given.strides ? element_strides.data() : nullptr;
  batch.valid_heights = given.valid_heights.empty() ? nullptr : given.valid_heights.data();
  batch.valid_widths = given.valid_widths.empty() ? nullptr : given.valid_widths.data();
  return spp_pool_regions(pooling, &batch, scenario.regions.data(), count, &output, argmax,
                          &execution);
}

}  // namespace

testing::AssertionResult agrees(std::int32_t tier, const RegionScenario &scenario,
                                const spp_execution *execution) {
  static GuardedBuffer value_buffer(buffer_bytes);
  static GuardedBuffer position_buffer(buffer_bytes);
  const Recipe &recipe = scenario.maps.recipe;
  const oracle::Type type = element_of(recipe.element_type).type;
  const Strides strides = strides_of(scenario.maps);
  std::vector<oracle::Map> maps = paint_maps(scenario.maps, strides);
  if (scenario.ragged)  // a list has no padding
    for (oracle::Map &map : maps) map.whole_width = map.width;
  const Expected expected = expect(scenario, maps);

  spp_output output = {};
  output.struct_size = sizeof output;
  output.capacity = static_cast<std::int64_t>(expected.values.size());
  output.row_stride = expected.row_stride;
  char *const written =
      value_buffer.place(output.capacity, type.bytes, scenario.maps.output_placement, untouched);
  output.data = written;
  spp_argmax argmax = {};
  if (recipe.index_type) {
    argmax.struct_size = sizeof argmax;
    argmax.capacity = output.capacity;
    argmax.row_stride = output.row_stride;
    argmax.index_type = *recipe.index_type;
    argmax.data = position_buffer.place(output.capacity, argmax.index_type == SPP_INDEX_I32 ? 4 : 8,
                                        scenario.maps.output_placement,
                                        static_cast<std::uint64_t>(untouched_position));
  }
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution how = {};
  if (execution != nullptr) how = *execution;
  how.struct_size = sizeof how;
  how.report = &report;
  const Pooling pooling(options_of(recipe, tier));
  const auto make_call = [&] {
    return call(pooling, scenario, strides, maps, output, recipe.index_type ? &argmax : nullptr,
                how);
  };
  const spp_status status = scenario.around ? scenario.around(make_call) : make_call();
  testing::AssertionResult result = testing::AssertionSuccess();
  if (status != SPP_OK)
    result = testing::AssertionFailure() << spp_status_name(status) << ": " << spp_last_error();
  else if (report.tier != tier)
    result = testing::AssertionFailure() << "ran on " << spp_tier_name(report.tier);
  else if (!value_buffer.margins_hold() || (recipe.index_type && !position_buffer.margins_hold()))
    result = testing::AssertionFailure() << "wrote outside of the rows";
  else
    result = compare(recipe, expected, written, argmax.data);
  if (!result)
    result << "\nin " << describe(scenario.maps) << ", bin rule " << recipe.bin_rule << ", "
           << scenario.regions.size() << " regions" << (scenario.ragged ? ", ragged" : "");
  return result;
}

testing::AssertionResult refuses(std::int32_t tier, const RegionScenario &scenario) {
  static GuardedBuffer buffer(buffer_bytes);
  const Recipe &recipe = scenario.maps.recipe;
  const oracle::Type type = element_of(recipe.element_type).type;
  const Strides strides = strides_of(scenario.maps);
  const std::vector<oracle::Map> maps = paint_maps(scenario.maps, strides);
  std::int64_t length = 0;
  for (const spp_level &level : recipe.levels)
    length += std::int64_t{level.rows} * level.columns * scenario.maps.channels;
  spp_output output = {};
  output.struct_size = sizeof output;
  output.capacity = length * static_cast<std::int64_t>(scenario.regions.size());
  output.data =
      buffer.place(output.capacity, type.bytes, scenario.maps.output_placement, untouched);
  spp_execution how = {};
  how.struct_size = sizeof how;
  const Pooling pooling(options_of(recipe, tier));
  const spp_status status = call(pooling, scenario, strides, maps, output, nullptr, how);
  if (status != SPP_ERROR_INVALID_ARGUMENT)
    return testing::AssertionFailure() << "got " << spp_status_name(status);
  const Value all_bits = 2 * oracle::sign_bit(type) - 1;
  for (std::int64_t k = 0; k < output.capacity; ++k)
    if (oracle::value_at(output.data, type, k) != (untouched & all_bits))
      return testing::AssertionFailure() << "wrote element " << k;
  return buffer.margins_hold() ? testing::AssertionSuccess()
                               : testing::AssertionFailure() << "wrote outside of the rows";
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
    const std::int64_t height = valid(maps.valid_heights, image, maps.height);
    const std::int64_t width = valid(maps.valid_widths, image, maps.width);
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
