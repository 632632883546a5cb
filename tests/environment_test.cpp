// The caller's floating-point environment changes no result and is left as it was (docs/values.md,
// section 2).

#include "support/environment.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "support/arrays.hpp"
#include "support/gradient_scenario.hpp"
#include "support/pooling.hpp"
#include "support/scenario.hpp"

namespace {

// A map with the expectation that was computed under the default environment.
struct Work {
  Work(Recipe how, Paint paint, std::int64_t map_side, std::int64_t map_channels)
      : recipe(std::move(how)),
        side(map_side),
        channels(map_channels),
        map(static_cast<std::size_t>(side * side * channels)) {
    for (std::size_t k = 0; k < map.size(); ++k) {
      map[k] = painted(paint, static_cast<std::int64_t>(k));
    }
    expected =
        expected_row({map.data(), side, side, channels, side * channels, channels, 1}, recipe);
    row.resize(expected.size());
    expected_positions =
        oracle::argmax({map.data(), side, side, channels, side * channels, channels, 1},
                       levels_of(recipe), rules_of(recipe));
    positions.resize(expected.size());
  }

  // Values, and then with their positions.  The handle is made under the same environment as the calls.
  spp_status pool(std::int32_t tier, Control environment_of_call, const spp_execution *execution) {
    const spp_batch batch = batch_of(map.data(), 1, side, side, channels);
    const spp_output output = output_of(row);
    const spp_argmax argmax = argmax_of(positions);
    const spp_options options = options_of(recipe, tier);
    spp_pooling *pooling = nullptr;

    const Environment environment(environment_of_call);
    const Control before = control();
    spp_status status = spp_pooling_create(&options, &pooling);
    if (status == SPP_OK) status = spp_pool(pooling, &batch, &output, execution);
    const std::vector<std::uint32_t> without_positions = row;
    if (status == SPP_OK) status = spp_pool_argmax(pooling, &batch, &output, &argmax, execution);
    kept = control() == before;
    spp_pooling_destroy(pooling);
    right = without_positions == expected && row == expected && positions == expected_positions;
    return status;
  }

  Recipe recipe;
  std::int64_t side, channels;
  std::vector<std::uint32_t> map, expected, row;
  std::vector<std::int64_t> expected_positions, positions;
  bool kept = false;
  bool right = false;
};

// Bins whose edges need halves to round to even, and data that flushing or trapping would change.
std::vector<Work> all_work() {
  std::vector<Work> work;
  for (const Paint paint : {Paint::subnormals, Paint::zeros, Paint::many_nans}) {
    for (const std::int32_t nan_policy : {SPP_NAN_PROPAGATE, SPP_NAN_IGNORE}) {
      for (const std::int64_t channels : {1, 19, 64}) {
        work.emplace_back(
            Recipe{square({2, 4, 7, 12}), SPP_BINS_ROUNDED, 0, nan_policy, SPP_EMPTY_LOWEST}, paint,
            13, channels);
      }
      work.emplace_back(Recipe{square({1, 2, 4}), SPP_BINS_ADAPTIVE, 0, nan_policy, 0}, paint, 60,
                        256);
    }
  }
  return work;
}

class FloatingPoint : public TierTest {};

TEST_P(FloatingPoint, EnvironmentOfTheCallerDoesNotMatterAndIsKept) {
  for (Work &work : all_work()) {
    for (const Control environment : every_control) {
      ASSERT_EQ(work.pool(GetParam(), environment, nullptr), SPP_OK);
      EXPECT_TRUE(work.kept) << std::hex << environment;
      EXPECT_TRUE(work.right) << std::hex << environment;
    }
  }
}

TEST_P(FloatingPoint, EnvironmentsOfTheExecutorsThreadsDoNotEither) {
  const spp_execution execution = execution_with(4, on_flushing_threads);
  for (Work &work : all_work()) {
    ASSERT_EQ(work.pool(GetParam(), control(), &execution), SPP_OK) << spp_last_error();
    EXPECT_TRUE(work.right);
  }
}

// 58 bins of 57 rows have no empty one, but would have if edges were rounded up.
TEST_P(FloatingPoint, EmptyBinsAreCountedUnderTheDefaultEnvironment) {
  Work work({{{58, 1}}, SPP_BINS_ROUNDED, 0, 0, SPP_EMPTY_ERROR}, Paint::numbers, 57, 3);
  for (const Control environment : every_control) {
    EXPECT_EQ(work.pool(GetParam(), environment, nullptr), SPP_OK) << spp_last_error();
    EXPECT_TRUE(work.right) << std::hex << environment;
  }
}

// Sums that would be rounded, flushed or trapped otherwise; winners, and positions that are not.
TEST_P(FloatingPoint, EnvironmentDoesNotMatterToGradients) {
  for (const std::int32_t type : {SPP_F32, SPP_F64, SPP_F16, SPP_BF16}) {
    for (const Paint paint : {Paint::numbers, Paint::subnormals, Paint::few_nans}) {
      for (const Origin origin : {Origin::winners, Origin::few_cells}) {
        for (const Control environment : every_control) {
          bool kept = false;
          GradientScenario scenario;
          scenario.recipe.levels = square({1, 2, 4});
          scenario.recipe.element_type = type;
          scenario.channels = 67;
          scenario.maps = {{13, 14, {}}, {13, 14, {}}};
          scenario.origin = origin;
          scenario.paint = paint;
          scenario.around = in_environment(environment, kept);
          ASSERT_TRUE(agrees(GetParam(), scenario)) << std::hex << environment;
          EXPECT_TRUE(kept);
        }
      }
    }
  }
}

TEST_P(FloatingPoint, EnvironmentsOfThreadsDoNotMatterToGradients) {
  const spp_execution execution = execution_with(4, on_flushing_threads);
  for (const Origin origin : {Origin::winners, Origin::few_cells}) {
    GradientScenario scenario;
    scenario.recipe.levels = square({1, 2, 4});
    scenario.channels = 700;
    scenario.maps = {{20, 21, {}}};
    scenario.origin = origin;
    scenario.paint = Paint::subnormals;
    ASSERT_TRUE(agrees(GetParam(), scenario, &execution));
  }
}

#if defined(__x86_64__)
TEST_P(FloatingPoint, StateOfTheX87DoesNotMatter) {
  for (Work &work : all_work()) {
    const DirtyX87 state;
    ASSERT_EQ(work.pool(GetParam(), control(), nullptr), SPP_OK);
    EXPECT_TRUE(work.right);
  }
  GradientScenario scenario;
  scenario.recipe.levels = square({1, 2, 4});
  scenario.channels = 67;
  scenario.maps = {{13, 14, {}}};
  scenario.around = with_dirty_x87;
  ASSERT_TRUE(agrees(GetParam(), scenario));
}
#endif

SPP_TEST_EVERY_TIER(FloatingPoint);

TEST(FloatingPointOfQueries, EnvironmentDoesNotMatterAndIsKept) {
  const std::vector<spp_level> levels = square({2, 4, 7, 12});
  const Pooling pooling(options_for(levels));
  const auto bins = static_cast<std::size_t>(spp_pooling_bin_count(pooling));
  std::vector<spp_rectangle> expected(bins);
  std::vector<spp_rectangle> found(bins);
  for (std::int64_t side = 1; side < 100; ++side) {
    ASSERT_EQ(spp_pooling_rectangles(pooling, side, side + 1, expected.data(),
                                     static_cast<std::int64_t>(bins)),
              SPP_OK);
    for (const Control value : every_control) {
      bool kept = false;
      {
        const Environment environment(value);
        const Control before = control();
        spp_pooling_rectangles(pooling, side, side + 1, found.data(),
                               static_cast<std::int64_t>(bins));
        kept = control() == before;
      }
      ASSERT_TRUE(kept) << std::hex << value;
      for (std::size_t k = 0; k < bins; ++k) {
        ASSERT_EQ(found[k].top, expected[k].top);
        ASSERT_EQ(found[k].left, expected[k].left);
        ASSERT_EQ(found[k].bottom, expected[k].bottom);
        ASSERT_EQ(found[k].right, expected[k].right);
      }
    }
  }
}

}  // namespace
