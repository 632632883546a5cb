// Layouts (docs/values.md, section 6) whose channels do not lie side by side: NCHW, slices of
// channels, and any other strides.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"
#include "support/sweep.hpp"

namespace {

// The small shapes, and those whose lines are about as long as registers and as scratch.
std::vector<Shape> plane_shapes() {
  std::vector<Shape> list = small_shapes();
  for (const std::int64_t width : {3, 4, 5, 8, 9, 15, 16, 17, 20, 31, 32, 33, 56, 64, 65}) {
    list.push_back({1, 6, width, 16});
    list.push_back({2, 9, width, 21});
  }
  for (const std::int64_t width : {127, 128, 129, 130, 255, 256, 257, 700}) {
    list.push_back({1, 5, width, 17});
    list.push_back({1, 3, width, 3});
  }
  list.push_back({1, 300, 2, 18});
  return list;
}

Strides planes(const Scenario &scenario, std::int64_t row) {
  const std::int64_t plane = row * scenario.height;
  return {plane * scenario.channels, row, 1, plane};
}

class Planes : public TierTypeTest {};

TEST_P(Planes, Dense) {
  sweep(GetParam(), plane_shapes(),
        [](Scenario &scenario, int) { scenario.recipe.layout = SPP_LAYOUT_NCHW; });
}

// The kernel follows the strides; the layout only says what none are.
TEST_P(Planes, DenseStridesGiven) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    scenario.recipe.layout = step % 2 == 0 ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC;
    scenario.strides = planes(scenario, scenario.width);
  });
}

// Crops: rows, planes and images with something behind them.
TEST_P(Planes, Crops) {
  sweep(GetParam(), plane_shapes(), [](Scenario &scenario, int step) {
    Strides strides = planes(scenario, scenario.width + step % 5);
    strides.channel += step % 3;
    strides.image = strides.channel * scenario.channels + step % 7;
    scenario.strides = strides;
  });
}

// Every second plane, and planes of several images that take turns.
TEST_P(Planes, SlicesOfPlanes) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t plane = scenario.height * scenario.width;
    const std::int64_t images = step % 2 == 0 ? 2 : scenario.count;
    scenario.strides = {plane, scenario.width, 1, plane * images};
  });
}

// As torch.channels_last shows it: an NCHW description of memory that is NHWC.
TEST_P(Planes, ChannelsLastViews) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int) {
    scenario.recipe.layout = SPP_LAYOUT_NCHW;
    const std::int64_t row = scenario.width * scenario.channels;
    scenario.strides = {row * scenario.height, row, scenario.channels, 1};
  });
}

// Neither channels nor columns side by side: every second or third element of either layout.
TEST_P(Planes, InterleavedTensors) {
  sweep(GetParam(), plane_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t apart = 2 + step % 2;
    Strides strides = planes(scenario, scenario.width);
    if (step % 3 == 0) {
      const std::int64_t row = scenario.width * scenario.channels;
      strides = {row * scenario.height, row, scenario.channels, 1};
    }
    scenario.strides = {strides.image * apart, strides.row * apart, strides.column * apart,
                        strides.channel * apart};
  });
}

// All other orders of the axes.
TEST_P(Planes, PermutedAxes) {
  sweep(GetParam(), plane_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t height = scenario.height;
    const std::int64_t width = scenario.width;
    const std::int64_t channels = scenario.channels;
    const std::int64_t image = height * width * channels;
    switch (step % 4) {
      case 0:  // row, channel, column
        scenario.strides = {image, channels * width, 1, width};
        break;
      case 1:  // column, channel, row
        scenario.strides = {image, 1, channels * height, height};
        break;
      case 2:  // channel, column, row
        scenario.strides = {image, 1, height, height * width};
        break;
      default:  // row, column, channel, image
        scenario.strides = {1, scenario.count * width * channels, scenario.count * channels,
                            scenario.count};
    }
  });
}

// A stride of 0 repeats the same elements.
TEST_P(Planes, Broadcasts) {
  sweep(GetParam(), plane_shapes(), [](Scenario &scenario, int step) {
    Strides strides = planes(scenario, scenario.width);
    if (step % 2 == 0) strides.channel = 0;
    if (step % 3 == 0) strides.column = 0;
    if (step % 5 == 0) strides.row = 0;
    if (step % 7 == 0) strides.image = 0;
    scenario.strides = strides;
  });
}

// Every row of every plane lies alone between two forbidden pages.
TEST_P(Planes, NothingIsReadBetweenRows) {
  const Islands islands(300);
  std::vector<Shape> list;
  for (std::int64_t width = 1; width <= 70; ++width) list.push_back({1, 7, width, 17});
  list.push_back({1, 7, 300, 18});
  list.push_back({2, 5, 9, 16});
  list.push_back({3, 4, 20, 3});
  sweep(GetParam(), list, [&islands](Scenario &scenario, int step) {
    scenario.islands = &islands;
    scenario.input_placement = step % 4 < 2 ? Placement::flush_end : Placement::flush_start;
    const std::int64_t page = island_stride(scenario);
    const Strides strides = planes(scenario, 1);
    scenario.strides = {strides.image * page, strides.row * page, 1, strides.channel * page};
  });
}

// Every plane does, and every element.
TEST_P(Planes, NothingIsReadBetweenPlanes) {
  const Islands islands(300);
  std::vector<Shape> list;
  for (std::int64_t height = 1; height <= 9; ++height)
    for (std::int64_t width = 1; width <= 21; ++width) list.push_back({1, height, width, 20});
  list.push_back({3, 13, 13, 64});
  sweep(GetParam(), list, [&islands](Scenario &scenario, int step) {
    const std::int64_t page = island_stride(scenario);
    scenario.islands = &islands;
    scenario.input_placement = step % 4 < 2 ? Placement::flush_end : Placement::flush_start;
    scenario.strides = {page * scenario.channels, scenario.width, 1, page};
  });
  list = {{1, 3, 5, 20}, {1, 1, 9, 33}, {2, 4, 2, 16}};
  sweep(GetParam(), list, [&islands](Scenario &scenario, int step) {
    const std::int64_t page = island_stride(scenario);
    const std::int64_t plane = scenario.height * scenario.width;
    scenario.islands = &islands;
    scenario.input_placement = step % 4 < 2 ? Placement::flush_end : Placement::flush_start;
    scenario.strides = {page * plane * (scenario.count == 1 ? scenario.channels : 0),
                        page * scenario.width, page, plane * page};
    if (step % 2 == 0)
      scenario.strides = {page * plane * (scenario.count == 1 ? scenario.channels : 0),
                          page * scenario.width * scenario.channels / 4, page, page};
  });
}

// Padded batches: only the valid corner of each plane counts.
TEST_P(Planes, ValidSizes) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    scenario.recipe.layout = SPP_LAYOUT_NCHW;
    for (std::int64_t k = 0; k < scenario.count; ++k) {
      if (step % 3 != 0) scenario.valid_heights.push_back(1 + (k * 5 + step) % scenario.height);
      if (step % 3 != 1) scenario.valid_widths.push_back(1 + (k * 7 + step / 2) % scenario.width);
    }
  });
}

TEST_P(Planes, RaggedBatches) {
  sweep_ragged(GetParam(), SPP_LAYOUT_NCHW, [](RaggedScenario &scenario) {
    scenario.maps[3].strides = Strides{0, 3 * scenario.channels, scenario.channels, 1};
    scenario.maps[4].strides = Strides{0, 12, 1, 100};
  });
}

// Large enough for several threads: split by channels, and by rows and columns where they are few.
TEST_P(Planes, ThreadsGiveTheSameBits) {
  for (const Shape &shape : {Shape{1, 56, 56, 200}, Shape{1, 30, 2000, 3}, Shape{1, 3, 20000, 5},
                             Shape{2, 40, 41, 130}, Shape{40, 13, 13, 70}}) {
    for (const std::int32_t threads : {1, 2, 4}) {
      for (const bool apart : {false, true}) {
        Scenario scenario;
        scenario.recipe = {square({1, 2, 3}), SPP_BINS_ADAPTIVE, threads % 2,    0,
                           SPP_EMPTY_ERROR,   element_type(),    SPP_LAYOUT_NCHW};
        scenario.count = shape.count;
        scenario.height = shape.height;
        scenario.width = shape.width;
        scenario.channels = shape.channels;
        scenario.paint = Paint::few_nans;
        if (apart) {
          const std::int64_t row = 2 * shape.width;
          const std::int64_t plane = row * shape.height;
          scenario.strides = {plane * shape.channels, row, 2, plane};
        }
        spp_execution execution = {};
        execution.struct_size = sizeof execution;
        execution.thread_limit = threads;
        ASSERT_TRUE(agrees(tier(), scenario, &execution));
      }
    }
  }
}

SPP_TEST_EVERY_TIER_AND_TYPE(Planes);

// The part of the above that also runs on emulated processors.
class PlanesSample : public TierTest {};

TEST_P(PlanesSample, UsualSizes) {
  const std::vector<Shape> list = {{2, 7, 7, 33},  {1, 13, 13, 40}, {1, 20, 20, 16},
                                   {1, 9, 50, 19}, {1, 5, 140, 17}, {1, 6, 8, 3}};
  sweep({GetParam(), SPP_F32}, list, [](Scenario &scenario, int step) {
    scenario.recipe.element_type = step % std::int32_t{all_elements.size()};
    scenario.recipe.layout = SPP_LAYOUT_NCHW;
    const std::int64_t row = scenario.width + 1;
    if (step % 3 == 1) scenario.strides = planes(scenario, row);
    if (step % 3 == 2) {
      const std::int64_t plane = 2 * row * scenario.height;
      scenario.strides = {plane * scenario.channels, 2 * row, 2, plane};
    }
  });
}

SPP_TEST_EVERY_TIER(PlanesSample);

}  // namespace
