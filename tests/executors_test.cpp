// One large map: what is asked of an executor, what is reported, and callers of every kind at a time.

#include <gtest/gtest.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/arrays.hpp"
#include "support/pooling.hpp"
#include "support/scenario.hpp"

namespace {

std::int32_t without_the_last(void *, spp_task task, void *task_context, std::int64_t count) {
  return in_order(nullptr, task, task_context, count - 1);
}

std::int32_t the_first_twice(void *, spp_task task, void *task_context, std::int64_t count) {
  task(task_context, 0);
  return in_order(nullptr, task, task_context, count);
}

// As many runs as tasks, but not of all tasks.
std::int32_t one_for_another(void *, spp_task task, void *task_context, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k) task(task_context, k == 0 ? 1 : k);
  return 0;
}

std::int32_t one_too_many(void *, spp_task task, void *task_context, std::int64_t count) {
  task(task_context, count);
  task(task_context, -1);
  return in_order(nullptr, task, task_context, count);
}

std::int32_t none_at_all(void *, spp_task, void *, std::int64_t) { return 0; }

std::int32_t with_an_error(void *, spp_task task, void *task_context, std::int64_t count) {
  in_order(nullptr, task, task_context, count);
  return -7;
}

std::int32_t with_an_exception(void *, spp_task, void *, std::int64_t) {
  throw std::runtime_error("no threads today");
}

// On the default tier.
class LargeMap : public testing::Test {
 protected:
  LargeMap() : pooling_(options_for(levels_)) {
    for (std::size_t k = 0; k < map_.size(); ++k) {
      map_[k] = painted(Paint::many_nans, static_cast<std::int64_t>(k));
    }
    const oracle::Map view = {map_.data(), side, side, channels, side * channels, channels, 1};
    expected_ = expected_row(view, {levels_});
    row_.resize(expected_.size());
    report_.struct_size = sizeof report_;
  }

  // How a call says to report_ what it did, and counts what the executor was given.
  spp_execution reporting(std::int32_t thread_limit, std::int64_t *calls = nullptr) {
    spp_execution execution = execution_with(thread_limit, in_order, calls);
    execution.report = &report_;
    return execution;
  }

  spp_status pool(const spp_execution &execution) { return pool(execution, row_); }

  spp_status pool(const spp_execution &execution, std::vector<std::uint32_t> &row) const {
    return pool_with(pooling_, execution, row);
  }

  spp_status pool_with(const spp_pooling *pooling, const spp_execution &execution,
                       std::vector<std::uint32_t> &row) const {
    const spp_batch batch = batch_of(map_.data(), 1, side, side, channels);
    const spp_output output = output_of(row);
    return spp_pool(pooling, &batch, &output, &execution);
  }

  static constexpr std::int64_t side = 64;
  static constexpr std::int64_t channels = 256;
  const std::vector<spp_level> levels_ = square({1, 2, 4});
  const Pooling pooling_;
  std::vector<std::uint32_t> map_ = std::vector<std::uint32_t>(side * side * channels);
  std::vector<std::uint32_t> expected_;
  std::vector<std::uint32_t> row_;
  spp_report report_ = {};
};

TEST_F(LargeMap, ReportCountsTheTasksOfTheExecutor) {
  std::int64_t calls = 0;
  ASSERT_EQ(pool(reporting(4, &calls)), SPP_OK) << spp_last_error();
  EXPECT_GT(report_.tasks, 1);
  // A merge of the parts may follow as a round of its own.
  EXPECT_GE(calls, report_.tasks);
  EXPECT_EQ(row_, expected_);
}

TEST_F(LargeMap, LimitOfOneStaysOnTheCallingThread) {
  std::int64_t calls = 0;
  ASSERT_EQ(pool(reporting(1, &calls)), SPP_OK) << spp_last_error();
  EXPECT_EQ(report_.tasks, 1);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(row_, expected_);
}

TEST_F(LargeMap, LimitOfTheHandleHoldsUnlessTheCallHasOne) {
  spp_options options = options_for(levels_);
  options.thread_limit = 1;
  const Pooling limited(options);
  ASSERT_EQ(pool_with(limited, reporting(0), row_), SPP_OK) << spp_last_error();
  EXPECT_EQ(report_.tasks, 1);
  ASSERT_EQ(pool_with(limited, reporting(4), row_), SPP_OK) << spp_last_error();
  EXPECT_GT(report_.tasks, 1);
}

TEST_F(LargeMap, ExecutorsThatBreakTheirPromiseAreFound) {
  for (const spp_executor executor :
       {without_the_last, the_first_twice, one_for_another, one_too_many, none_at_all,
        with_an_error, with_an_exception}) {
    EXPECT_EQ(pool(execution_with(4, executor)), SPP_ERROR_EXECUTOR);
    EXPECT_NE(std::string(spp_last_error()).find("executor"), std::string::npos)
        << spp_last_error();
  }
  ASSERT_EQ(pool(execution_with(4, in_order)), SPP_OK);
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

TEST(SmallMap, StaysOnTheCallingThread) {
  const std::vector<spp_level> levels = square({1, 2});
  const Pooling pooling(options_for(levels));
  const std::vector<float> map(4 * 4 * 8, 1.0F);
  std::vector<float> row(5 * 8);
  const spp_batch batch = batch_of(map.data(), 1, 4, 4, 8);
  spp_output output = {sizeof output, row.data(), 5 * 8, 0};
  std::int64_t calls = 0;
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution execution = execution_with(4, in_order, &calls);
  execution.report = &report;
  ASSERT_EQ(spp_pool(pooling, &batch, &output, &execution), SPP_OK) << spp_last_error();
  EXPECT_EQ(report.tasks, 1);
  EXPECT_EQ(calls, 0);
}

}  // namespace
