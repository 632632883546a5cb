// Threads change nothing: limits, arenas, the caller's executor.

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"

namespace {

// Work that can only be cut by images, by rows, by columns or by channels.
std::vector<Scenario> large_work() {
  struct Size {
    std::int64_t count, height, width, channels;
  };
  constexpr Size sizes[] = {{1, 40, 40, 250},  {37, 13, 13, 64},  {1, 1300, 1, 300},
                            {1, 1, 1299, 301}, {1, 1, 1, 400001}, {1, 5, 4, 20011},
                            {2, 30, 50, 150},  {1, 700, 600, 1}};
  std::vector<Scenario> work;
  for (const Size size : sizes) {
    for (const std::vector<spp_level> &levels :
         {square({1, 2, 4}), square({1, 2, 3}), square({3})}) {
      const auto step = static_cast<std::int32_t>(work.size());
      Scenario scenario;
      scenario.recipe = {levels, step % 2, step / 2 % 2, step / 3 % 2, SPP_EMPTY_LOWEST};
      scenario.count = size.count;
      scenario.height = size.height;
      scenario.width = size.width;
      scenario.channels = size.channels;
      scenario.paint = static_cast<Paint>(step % paint_count);
      work.push_back(scenario);
    }
  }
  return work;
}

class Threads : public TierTest {};

TEST_P(Threads, AnyLimitGivesTheSameBits) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  for (const Scenario &scenario : large_work()) {
    for (const std::int32_t limit : {0, 1, 2, 4, 64}) {
      const spp_execution execution = execution_with(limit);
      ASSERT_TRUE(agrees(GetParam(), scenario, &execution)) << "thread limit " << limit;
    }
  }
}

TEST_P(Threads, AnyArenaGivesTheSameBits) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  for (const int concurrency : {1, 2, 4}) {
    tbb::task_arena arena(concurrency);
    for (const Scenario &scenario : large_work()) {
      arena.execute([&] { EXPECT_TRUE(agrees(GetParam(), scenario)); });
    }
  }
}

TEST_P(Threads, RaggedBatchesToo) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  RaggedScenario scenario;
  scenario.recipe.levels = square({1, 2, 4});
  scenario.channels = 200;
  scenario.maps = {{60, 80, {}}, {4, 4, {}}, {5, 90, {}}, {100, 44, {}}, {7, 7, {}}};
  for (const std::int32_t limit : {0, 1, 2, 4}) {
    const spp_execution execution = execution_with(limit);
    ASSERT_TRUE(agrees(GetParam(), scenario, &execution)) << "thread limit " << limit;
  }
}

TEST_P(Threads, ExecutorsGiveTheSameBits) {
  for (const Scenario &scenario : large_work()) {
    for (const spp_executor executor : {in_order, backwards, on_own_threads}) {
      spp_report report = {};
      report.struct_size = sizeof report;
      spp_execution execution = execution_with(4, executor);
      execution.report = &report;
      ASSERT_TRUE(agrees(GetParam(), scenario, &execution));
      EXPECT_GT(report.tasks, 1) << describe(scenario);
    }
  }
}

SPP_TEST_EVERY_TIER(Threads);

}  // namespace
