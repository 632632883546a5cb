// Threads change nothing: limits, arenas, the caller's executor, many callers of one handle.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
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

// ------------------------------------------------------------------------------ executors

std::int32_t serial(void *calls, spp_task task, void *task_context, std::int64_t count) {
  if (calls != nullptr) *static_cast<std::int64_t *>(calls) += count;
  for (std::int64_t k = 0; k < count; ++k) task(task_context, k);
  return 0;
}

std::int32_t reversed(void *, spp_task task, void *task_context, std::int64_t count) {
  for (std::int64_t k = count; k > 0; --k) task(task_context, k - 1);
  return 0;
}

std::int32_t on_own_threads(void *, spp_task task, void *task_context, std::int64_t count) {
  std::atomic<std::int64_t> next{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < 3; ++k) {
    threads.emplace_back([&] {
      for (std::int64_t index; (index = next++) < count;) task(task_context, index);
    });
  }
  for (std::thread &thread : threads) thread.join();
  return 0;
}

std::int32_t without_the_last(void *, spp_task task, void *task_context, std::int64_t count) {
  return serial(nullptr, task, task_context, count - 1);
}

std::int32_t the_first_twice(void *, spp_task task, void *task_context, std::int64_t count) {
  task(task_context, 0);
  return serial(nullptr, task, task_context, count);
}

// As many runs as tasks, but not of all tasks.
std::int32_t one_for_another(void *, spp_task task, void *task_context, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k) task(task_context, k == 0 ? 1 : k);
  return 0;
}

std::int32_t one_too_many(void *, spp_task task, void *task_context, std::int64_t count) {
  task(task_context, count);
  task(task_context, -1);
  return serial(nullptr, task, task_context, count);
}

std::int32_t none_at_all(void *, spp_task, void *, std::int64_t) { return 0; }

std::int32_t with_an_error(void *, spp_task task, void *task_context, std::int64_t count) {
  serial(nullptr, task, task_context, count);
  return -7;
}

std::int32_t with_an_exception(void *, spp_task, void *, std::int64_t) {
  throw std::runtime_error("no threads today");
}

TEST_P(Threads, ExecutorsGiveTheSameBits) {
  for (const Scenario &scenario : large_work()) {
    for (const spp_executor executor : {serial, reversed, on_own_threads}) {
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

// One large map on the default tier.
class LargeMap : public testing::Test {
 protected:
  LargeMap() : pooling_(options_for(levels_)) {
    for (std::size_t k = 0; k < map_.size(); ++k) {
      map_[k] = painted(Paint::many_nans, static_cast<std::int64_t>(k));
    }
    const oracle::Map view = {map_.data(), side, side, channels, side * channels, channels, 1};
    expected_ = expected_row(view, {levels_});
    row_.resize(expected_.size());
  }

  spp_status pool(const spp_execution &execution) { return pool(execution, row_); }

  spp_status pool(const spp_execution &execution, std::vector<std::uint32_t> &row) const {
    return pool_with(pooling_, execution, row);
  }

  spp_status pool_with(const spp_pooling *pooling, const spp_execution &execution,
                       std::vector<std::uint32_t> &row) const {
    spp_batch batch = {};
    batch.struct_size = sizeof batch;
    batch.data = map_.data();
    batch.count = 1;
    batch.height = side;
    batch.width = side;
    batch.channels = channels;
    spp_output output = {};
    output.struct_size = sizeof output;
    output.data = row.data();
    output.capacity = static_cast<std::int64_t>(row.size());
    return spp_pool(pooling, &batch, &output, &execution);
  }

  static constexpr std::int64_t side = 64;
  static constexpr std::int64_t channels = 256;
  const std::vector<spp_level> levels_ = square({1, 2, 4});
  const Pooling pooling_;
  std::vector<std::uint32_t> map_ = std::vector<std::uint32_t>(side * side * channels);
  std::vector<std::uint32_t> expected_;
  std::vector<std::uint32_t> row_;
};

TEST_F(LargeMap, ReportCountsTheTasksOfTheExecutor) {
  std::int64_t calls = 0;
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution execution = execution_with(4, serial, &calls);
  execution.report = &report;
  ASSERT_EQ(pool(execution), SPP_OK) << spp_last_error();
  EXPECT_GT(report.tasks, 1);
  // A merge of the parts may follow as a round of its own.
  EXPECT_GE(calls, report.tasks);
  EXPECT_EQ(row_, expected_);
}

TEST_F(LargeMap, LimitOfOneStaysOnTheCallingThread) {
  std::int64_t calls = 0;
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution execution = execution_with(1, serial, &calls);
  execution.report = &report;
  ASSERT_EQ(pool(execution), SPP_OK) << spp_last_error();
  EXPECT_EQ(report.tasks, 1);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(row_, expected_);
}

TEST_F(LargeMap, LimitOfTheHandleHoldsUnlessTheCallHasOne) {
  spp_options options = options_for(levels_);
  options.thread_limit = 1;
  const Pooling limited(options);
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution execution = execution_with(0, serial);
  execution.report = &report;
  ASSERT_EQ(pool_with(limited, execution, row_), SPP_OK) << spp_last_error();
  EXPECT_EQ(report.tasks, 1);
  execution.thread_limit = 4;
  ASSERT_EQ(pool_with(limited, execution, row_), SPP_OK) << spp_last_error();
  EXPECT_GT(report.tasks, 1);
}

TEST_F(LargeMap, ExecutorsThatBreakTheirPromiseAreFound) {
  for (const spp_executor executor :
       {without_the_last, the_first_twice, one_for_another, one_too_many, none_at_all,
        with_an_error, with_an_exception}) {
    EXPECT_EQ(pool(execution_with(4, executor)), SPP_ERROR_EXECUTOR);
    EXPECT_NE(std::string(spp_last_error()).find("executor"), std::string::npos)
        << spp_last_error();
  }
  ASSERT_EQ(pool(execution_with(4, serial)), SPP_OK);
  EXPECT_EQ(row_, expected_);
}

TEST_F(LargeMap, ManyThreadsShareOneHandle) {
  std::vector<std::thread> callers;
  std::atomic<int> right{0};
  for (int caller = 0; caller < 6; ++caller) {
    callers.emplace_back([this, caller, &right] {
      std::vector<std::uint32_t> row(expected_.size());
      for (int call = 0; call < 10; ++call) {
        std::fill(row.begin(), row.end(), 0U);
        const spp_executor executor = (caller + call) % 3 == 0 ? on_own_threads : nullptr;
        if (pool(execution_with(call % 3, executor), row) == SPP_OK && row == expected_) ++right;
      }
    });
  }
  for (std::thread &caller : callers) caller.join();
  EXPECT_EQ(right, 60);
}

TEST_F(LargeMap, CallsInsideOfTasks) {
  std::atomic<int> right{0};
  tbb::parallel_for(0, 24, [this, &right](int) {
    std::vector<std::uint32_t> row(expected_.size());
    if (pool(execution_with(0), row) == SPP_OK && row == expected_) ++right;
  });
  EXPECT_EQ(right, 24);
}

// The child has none of its parent's threads.
TEST_F(LargeMap, CallsInAForkedChild) {
  ASSERT_EQ(pool(execution_with(0)), SPP_OK);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);
    std::fill(row_.begin(), row_.end(), 0U);
    const bool fine = pool(execution_with(0)) == SPP_OK && row_ == expected_;
    _exit(fine ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SmallMap, StaysOnTheCallingThread) {
  const std::vector<spp_level> levels = square({1, 2});
  const Pooling pooling(options_for(levels));
  const std::vector<float> map(4 * 4 * 8, 1.0F);
  std::vector<float> row(5 * 8);
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = map.data();
  batch.count = 1;
  batch.height = 4;
  batch.width = 4;
  batch.channels = 8;
  spp_output output = {sizeof output, row.data(), 5 * 8, 0};
  std::int64_t calls = 0;
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution execution = execution_with(4, serial, &calls);
  execution.report = &report;
  ASSERT_EQ(spp_pool(pooling, &batch, &output, &execution), SPP_OK) << spp_last_error();
  EXPECT_EQ(report.tasks, 1);
  EXPECT_EQ(calls, 0);
}

}  // namespace
