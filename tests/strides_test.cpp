// Layouts (docs/values.md, section 6) whose channels lie side by side: strides, padded and ragged
// batches, output rows with gaps, and memory where every gap is out of bounds.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"
#include "support/sweep.hpp"

namespace {

class Layouts : public TierTypeTest {};

TEST_P(Layouts, PaddedRowsAndImages) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t row = scenario.width * scenario.channels + step % 7;
    scenario.strides = {row * scenario.height + step % 3, row, scenario.channels};
  });
}

TEST_P(Layouts, GapsBetweenPixels) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t column = scenario.channels + 1 + step % 9;
    const std::int64_t row = scenario.width * column + step % 2;
    scenario.strides = {row * scenario.height, row, column};
  });
}

// A stride of 0 repeats the same elements.
TEST_P(Layouts, Broadcasts) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t row = scenario.width * scenario.channels;
    scenario.strides = {step % 2 == 0 ? 0 : row * scenario.height, step % 3 == 0 ? 0 : row,
                        step % 5 == 0 ? 0 : scenario.channels};
  });
}

// Rows inside columns, and images inside pixels.
TEST_P(Layouts, PermutedAxes) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    const std::int64_t pixel = scenario.channels;
    if (step % 2 == 0) {
      scenario.strides = {scenario.height * scenario.width * pixel, pixel, scenario.height * pixel};
    } else {
      scenario.strides = {pixel, scenario.width * scenario.count * pixel, scenario.count * pixel};
    }
  });
}

// Only some axes at their dense stride, given in full: as good as NULL.
TEST_P(Layouts, DenseStridesGiven) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int) {
    const std::int64_t row = scenario.width * scenario.channels;
    scenario.strides = {row * scenario.height, row, scenario.channels};
  });
}

// Pixels may share elements: windows of a signal that overlap.
TEST_P(Layouts, OverlappingPixels) {
  sweep(GetParam(), small_shapes(),
        [](Scenario &scenario, int step) { scenario.strides = {3, step % 4 + 1, 1}; });
}

// Every pixel lies alone between two forbidden pages.
TEST_P(Layouts, NothingIsReadBetweenPixels) {
  const Islands islands(64);
  std::vector<Shape> list;
  for (std::int64_t channels = 1; channels <= 65; ++channels) list.push_back({1, 5, 6, channels});
  for (const std::int64_t bytes : {400, 516, 2044, 4000, 4096}) {
    list.push_back({2, 3, 7, bytes / element_bytes(element_type())});
  }
  sweep(GetParam(), list, [&islands](Scenario &scenario, int step) {
    const std::int64_t page = island_stride(scenario);
    scenario.islands = &islands;
    scenario.input_placement = step % 4 < 2 ? Placement::flush_end : Placement::flush_start;
    scenario.strides = {page * scenario.width * scenario.height, page * scenario.width, page};
  });
}

// Every row does.
TEST_P(Layouts, NothingIsReadBetweenRows) {
  const Islands islands(64);
  std::vector<Shape> list;
  for (std::int64_t channels = 1; channels <= 65; ++channels) list.push_back({1, 14, 7, channels});
  for (std::int64_t width = 1; width <= 40; ++width) list.push_back({3, 5, width, 3});
  for (const Shape row : {Shape{2, 20, 64, 64}, Shape{2, 20, 1, 4000}, Shape{1, 20, 7, 512}}) {
    list.push_back(
        {row.count, row.height, row.width, row.channels / element_bytes(element_type())});
  }
  sweep(GetParam(), list, [&islands](Scenario &scenario, int step) {
    const std::int64_t page = island_stride(scenario);
    scenario.islands = &islands;
    scenario.input_placement = step % 4 < 2 ? Placement::flush_end : Placement::flush_start;
    scenario.strides = {page * scenario.height, page, scenario.channels};
  });
}

// Padded batches: only the valid corner of each image counts, and nothing else of it is read.
TEST_P(Layouts, ValidSizes) {
  sweep(GetParam(), small_shapes(), [](Scenario &scenario, int step) {
    for (std::int64_t k = 0; k < scenario.count; ++k) {
      if (step % 3 != 0) {
        scenario.valid_heights.push_back(1 + (k * 5 + step) % scenario.height);
      }
      if (step % 3 != 1) {
        scenario.valid_widths.push_back(1 + (k * 7 + step / 2) % scenario.width);
      }
    }
  });
}

// The row beyond an image's valid height, and the pixel beyond its width, are forbidden pages.
TEST_P(Layouts, NothingIsReadBeyondTheValidSize) {
  const Islands islands(4);
  Scenario scenario;
  scenario.recipe = {square({1, 2}), SPP_BINS_ADAPTIVE, 0, 0, 0, element_type()};
  scenario.islands = &islands;
  scenario.input_placement = Placement::flush_start;
  scenario.height = 1000;  // of which four rows exist
  scenario.width = 1000;   // of which one pixel does
  scenario.valid_heights = {4};
  scenario.valid_widths = {1};
  for (std::int64_t channels = 1; channels <= 65; ++channels) {
    scenario.channels = channels;
    scenario.strides = {0, island_stride(scenario), island_stride(scenario)};
    ASSERT_TRUE(agrees(tier(), scenario));
  }
}

TEST_P(Layouts, RaggedBatches) {
  sweep_ragged(GetParam(), SPP_LAYOUT_NHWC, [](RaggedScenario &scenario) {
    const std::int64_t channels = scenario.channels;
    scenario.maps[3].strides = Strides{0, 3 * channels + 4, channels};
    scenario.maps[4].strides = Strides{0, 9 * (channels + 3), channels + 3};
  });
}

SPP_TEST_EVERY_TIER_AND_TYPE(Layouts);

}  // namespace
