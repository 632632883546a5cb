// Where each maximum is (docs/values.md, section 3), with the values that plain calls give.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"
#include "support/sweep.hpp"

namespace {

class Argmax : public TierTypeTest {};

std::int32_t index_type(int step) { return step % 2 == 0 ? SPP_INDEX_I64 : SPP_INDEX_I32; }

TEST_P(Argmax, ValuesDense) {
  sweep(GetParam(), small_shapes(),
        [](Scenario &scenario, int step) { scenario.recipe.index_type = index_type(step); });
}

TEST_P(Argmax, ValuesOfPlanes) {
  std::vector<Shape> shapes = small_shapes();
  for (const std::int64_t width : {15, 16, 17, 63, 64, 65, 200})
    shapes.push_back({2, 5, width, 19});
  sweep(GetParam(), shapes, [](Scenario &scenario, int step) {
    scenario.recipe.index_type = index_type(step / 2);
    scenario.recipe.layout = SPP_LAYOUT_NCHW;
    const std::int64_t row = scenario.width + step % 3;
    const std::int64_t plane = row * scenario.height + step % 2;
    if (step % 4 != 0) scenario.strides = {plane * scenario.channels, row, 1, plane};
  });
}

// A position counts the columns of the whole map, of which some may be padding.
TEST_P(Argmax, ValuesOfPaddedBatches) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    scenario.recipe.index_type = index_type(step / 3);
    for (std::int64_t k = 0; k < scenario.count; ++k) {
      scenario.valid_heights.push_back(1 + (step + 2 * k) % scenario.height);
      scenario.valid_widths.push_back(1 + (3 * step + k) % scenario.width);
    }
  });
}

// Neither pixels nor planes.
TEST_P(Argmax, ValuesOfInterleavedTensors) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    scenario.recipe.index_type = index_type(step);
    const std::int64_t apart = 2 + step % 2;
    const std::int64_t pixel = apart * scenario.channels;
    const std::int64_t row = pixel * scenario.width + step % 3;
    scenario.strides = {row * scenario.height, row, pixel, apart};
  });
}

TEST_P(Argmax, ValuesOfRaggedBatches) {
  int step = 0;
  sweep_ragged(GetParam(), SPP_LAYOUT_NHWC, [&step](RaggedScenario &scenario) {
    scenario.recipe.index_type = index_type(++step);
    scenario.recipe.layout = step % 3 == 0 ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC;
  });
}

// Maps that are split, by rows, columns or channels: parts that end in any order.
TEST_P(Argmax, Parts) {
  spp_execution execution = execution_with(0, backwards);
  // Of 600 KiB each, above what stays on one thread.
  const std::int64_t bytes = element_bytes(element_type());
  const std::vector<Shape> shapes = {{1, 40, 40, 384 / bytes}, {1, 3, 400, 512 / bytes}};
  int step = 0;
  for (const Shape &shape : shapes) {
    for (const std::int32_t layout : {SPP_LAYOUT_NHWC, SPP_LAYOUT_NCHW}) {
      ++step;
      execution.thread_limit = 2 + step % 3;
      Scenario scenario;
      scenario.recipe = {square({2, 3}),  SPP_BINS_ADAPTIVE, step % 2, step % 3 == 0 ? 1 : 0,
                         SPP_EMPTY_ERROR, element_type(),    layout,   index_type(step)};
      scenario.count = shape.count;
      scenario.height = shape.height;
      scenario.width = shape.width;
      scenario.channels = shape.channels;
      scenario.paint = static_cast<Paint>(step % paint_count);
      ASSERT_TRUE(agrees(tier(), scenario, &execution));
    }
  }
}

// Positions beyond 2^31, of maps that are as wide by repeating a column.  The portable tier has them.
TEST_P(Argmax, BeyondInt32) {
  if (tier() != SPP_TIER_PORTABLE) GTEST_SKIP() << "the portable tier finds these for all";
  for (int step = 0; step < 2 * paint_count; ++step) {
    Scenario scenario;
    scenario.recipe = {square({1, 2, 3}), SPP_BINS_ADAPTIVE, step % 2, step % 3 == 0 ? 1 : 0,
                       SPP_EMPTY_ERROR,   element_type(),    0,        SPP_INDEX_I64};
    scenario.count = 2;
    scenario.height = 6;
    scenario.width = std::int64_t{1} << 30;
    scenario.channels = step % 4 == 0 ? 1 : 5;
    scenario.strides = {6 * scenario.channels, scenario.channels, 0};
    scenario.valid_widths = {5, 3};
    scenario.paint = static_cast<Paint>(step % paint_count);
    ASSERT_TRUE(agrees(tier(), scenario));
  }
}

SPP_TEST_EVERY_TIER_AND_TYPE(Argmax);

// A covering part, for emulated processors.
class ArgmaxSample : public TierTest {};

TEST_P(ArgmaxSample, AllTypes) {
  int step = 0;
  for (const Shape &shape :
       {Shape{2, 13, 13, 40}, {1, 7, 9, 3}, {1, 20, 6, 129}, {1, 29, 33, 64}}) {
    for (std::int32_t type = SPP_F32; type <= SPP_U16; ++type) {
      ++step;
      Scenario scenario;
      scenario.recipe = {step % 2 == 0 ? square({1, 2, 4}) : square({3, 2}),
                         step % 3 == 0 ? SPP_BINS_ADAPTIVE : SPP_BINS_ROUNDED,
                         step % 5 == 0 ? 1 : 0,
                         step % 4 == 0 ? 1 : 0,
                         SPP_EMPTY_ERROR,
                         type,
                         step % 7 == 0 ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC,
                         index_type(step)};
      scenario.count = shape.count;
      scenario.height = shape.height;
      scenario.width = shape.width;
      scenario.channels = shape.channels;
      scenario.paint = static_cast<Paint>(step % paint_count);
      ASSERT_TRUE(agrees(GetParam(), scenario));
    }
  }
}

SPP_TEST_EVERY_TIER(ArgmaxSample);

}  // namespace
