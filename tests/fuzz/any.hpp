// Descriptions of calls, drawn so that what decides between two ways is met often: levels that nest or
// nearly do, lengths about multiples of their sides, and small maps, of which many fit into a second.
#ifndef SPP_TESTS_FUZZ_ANY_HPP
#define SPP_TESTS_FUZZ_ANY_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "fuzz/draw.hpp"
#include "fuzz/executor.hpp"
#include "support/pooling.hpp"
#include "support/scenario.hpp"

constexpr std::int64_t most_elements = 3000;  // of all maps together
constexpr std::int64_t most_numbers = 6000;   // of a row, but where a channel has more bins
constexpr std::int32_t most_side = 14;        // but for levels with the lengths that some need

// A side of bins and a length of which they leave cells out, or have some twice, though no bin is
// empty: float32 does that to few.
struct OddAxis {
  std::int32_t bins;
  std::int64_t length;
};

inline const std::vector<OddAxis> &odd_axes() {
  static const std::vector<OddAxis> axes = [] {
    std::vector<OddAxis> found;
    for (std::int32_t bins = 2; bins <= 30; ++bins) {
      for (std::int64_t length = bins; length <= 100; ++length) {
        bool is_odd = false;
        bool is_full = true;
        oracle::Span last = {0, 0};
        for (std::int64_t bin = 0; bin < bins; ++bin) {
          const oracle::Span span = oracle::bin_span(false, length, bins, bin);
          is_odd = is_odd || span.begin != last.end;
          is_full = is_full && span.begin < span.end;
          last = span;
        }
        if (is_odd && is_full) found.push_back({bins, length});
      }
    }
    return found;
  }();
  return axes;
}

// A pyramid and the size of a map that it is to cut.
struct Geometry {
  std::vector<spp_level> levels;
  std::int64_t height, width;
};

// One that may come of the other by a division or nearly so.
inline std::int32_t side_near(Draw &draw, std::int32_t other) {
  const auto divisor = draw.within(1, 7);
  switch (draw.within(0, 4)) {
    case 0:
      return draw.within(1, most_side);
    case 1:
      return std::max(1, other + draw.within(-1, 1));
    default:
      return other % divisor == 0 ? other / divisor : 1;
  }
}

inline std::int64_t length_near(Draw &draw, std::int32_t side, std::int64_t most) {
  switch (draw.within(0, 3)) {
    case 0:
      return draw.within<std::int64_t>(1, most);
    case 1:
      return draw.within<std::int64_t>(1, std::min<std::int64_t>(most, 8));
    default:
      return std::clamp<std::int64_t>(side * draw.within(1, 5) + draw.within(-1, 1), 1, most);
  }
}

inline Geometry any_geometry(Draw &draw, std::int64_t most_length) {
  Geometry geometry;
  spp_level first = {draw.within(1, most_side), draw.within(1, most_side)};
  if (draw.coin()) first.columns = first.rows;
  geometry.height = length_near(draw, first.rows, most_length);
  geometry.width = length_near(draw, first.columns, most_length);
  geometry.levels = {first};
  if (draw.one_in(4)) {
    const OddAxis axis = odd_axes()[draw.within<std::size_t>(0, odd_axes().size() - 1)];
    const std::int64_t length = std::min(axis.length, most_length);
    const auto which = draw.within(0, 2);
    if (which != 0) first.rows = axis.bins;
    if (which != 0) geometry.height = length;
    if (which != 1) first.columns = axis.bins;
    if (which != 1) geometry.width = length;
    geometry.levels = {first};
    if (length <= 40 && draw.coin()) {  // bins of single cells make up all others
      const auto cells = static_cast<std::int32_t>(length);
      geometry.levels.push_back(
          {which != 0 ? cells : first.rows, which != 1 ? cells : first.columns});
    }
  }
  for (auto more = draw.within(0, draw.one_in(8) ? 8 : 3); more > 0; --more) {
    spp_level level = {side_near(draw, first.rows), side_near(draw, first.columns)};
    if (first.rows == first.columns && draw.coin()) level.columns = level.rows;
    const auto place = draw.within<std::size_t>(0, geometry.levels.size());
    geometry.levels.insert(geometry.levels.begin() + static_cast<std::ptrdiff_t>(place), level);
  }
  return geometry;
}

// Sides that divide each other, as those of most nets do: whose gradient is written in one walk.
inline Geometry nested_geometry(Draw &draw, std::int64_t most_length) {
  const std::int32_t finest = draw.within(1, 4) * draw.within(1, 4);
  Geometry geometry;
  for (auto more = draw.within(1, 4); more > 0; --more) {
    const auto divisor = draw.within(1, 4);
    const std::int32_t side = finest % divisor == 0 ? finest / divisor : 1;
    geometry.levels.push_back({side, side});
  }
  const auto place = draw.within<std::size_t>(0, geometry.levels.size() - 1);
  geometry.levels[place] = {finest, finest};
  const bool is_whole = draw.coin();  // bins of one size
  geometry.height = is_whole ? finest * draw.within(1, 3) : length_near(draw, finest, most_length);
  geometry.width = is_whole ? finest * draw.within(1, 3) : length_near(draw, finest, most_length);
  return geometry;
}

// As many as there is room for, and mostly few; often whole vectors of them or one more or less.
inline std::int64_t any_channels(Draw &draw, const Geometry &geometry, std::int64_t elements) {
  const std::int64_t most =
      std::max<std::int64_t>(1, std::min(elements / (geometry.height * geometry.width),
                                         most_numbers / bin_count(geometry.levels)));
  const auto wanted = draw.coin() ? draw.within(1, 40)
                                  : 16 * draw.within(1, draw.coin() ? 4 : 20) + draw.within(-1, 1);
  return std::min<std::int64_t>(wanted, most);
}

// All but the levels.
inline Recipe any_recipe(Draw &draw) {
  Recipe recipe;
  recipe.bin_rule = draw.one_in(3) ? SPP_BINS_ADAPTIVE : SPP_BINS_ROUNDED;
  recipe.order = draw.within(0, 1);
  recipe.nan_policy = draw.within(0, 1);
  recipe.empty_policy = draw.within(0, 2);
  recipe.element_type = draw.within<std::int32_t>(SPP_F32, SPP_U16);
  recipe.layout = draw.one_in(3) ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC;
  const auto index = draw.within(-1, 1);
  if (index >= 0) recipe.index_type = index;
  return recipe;
}

struct Axes {
  std::int64_t count, height, width, channels;
};

// In any order, each with a gap of its own; or some stride 0.
inline Strides any_strides(Draw &draw, const Axes &sizes, bool may_repeat) {
  Strides strides = {};
  struct Axis {
    std::int64_t size;
    std::int64_t *stride;
  };
  std::vector<Axis> axes = {{sizes.count, &strides.image},
                            {sizes.height, &strides.row},
                            {sizes.width, &strides.column},
                            {sizes.channels, &strides.channel}};
  const bool is_usual = draw.coin();  // channels or columns side by side
  std::int64_t stride = is_usual ? 1 : draw.within(1, 3);
  if (is_usual && draw.coin()) std::reverse(axes.begin(), axes.end());
  while (!axes.empty()) {
    const auto k = is_usual ? axes.size() - 1 : draw.within<std::size_t>(0, axes.size() - 1);
    *axes[k].stride = may_repeat && draw.one_in(16) ? 0 : stride;
    stride = stride * axes[k].size + (draw.coin() ? 0 : draw.within(0, 5));
    axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return strides;
}

// What is in the maps, and where the call's arrays lie: the same of a batch and of a list.
template <typename AnyScenario>
void draw_contents(Draw &draw, AnyScenario &scenario) {
  scenario.paint = draw.one_of<Paint>(paint_count);
  scenario.input_placement = draw.one_of<Placement>(placement_count);
  scenario.output_placement = draw.one_of<Placement>(placement_count);
  scenario.output_gap = draw.within(0, 3);
}

// A batch of maps of a size: how many, how they lie in memory, what is in them.
inline void draw_maps(Draw &draw, const Geometry &geometry, Scenario &scenario) {
  scenario.channels = any_channels(draw, geometry, most_elements);
  scenario.height = geometry.height;
  scenario.width = geometry.width;
  const std::int64_t map = scenario.height * scenario.width * scenario.channels;
  scenario.count = std::clamp<std::int64_t>(most_elements / map, 1, draw.within(1, 4));
  if (draw.coin())
    scenario.strides = any_strides(
        draw, {scenario.count, scenario.height, scenario.width, scenario.channels}, true);
  if (draw.one_in(3)) {
    for (std::int64_t k = 0; k < scenario.count; ++k) {
      scenario.valid_heights.push_back(draw.within<std::int64_t>(1, scenario.height));
      scenario.valid_widths.push_back(draw.within<std::int64_t>(1, scenario.width));
    }
  }
  draw_contents(draw, scenario);
}

// Every tier of this machine, on one thread or cut for several; a difference ends the program.
template <typename AnyScenario>
void agree_on_all_tiers(Draw &draw, const AnyScenario &scenario) {
  AnyOrder order(draw);
  const spp_execution execution = order.execution();
  const spp_execution *const how = draw.coin() ? nullptr : &execution;
  for (const std::int32_t tier : all_tiers) {
    if (spp_tier_refusal(tier) != nullptr) continue;
    const testing::AssertionResult result = agrees(tier, scenario, how);
    if (result) continue;
    std::fprintf(stderr, "%s: %s\n", spp_tier_name(tier), result.message());
    std::abort();
  }
}

#endif
