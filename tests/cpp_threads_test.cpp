// Threads and executors through the C++ interface.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <spp/spp.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

spp::Options one_and_two() {
  spp::Options options;
  options.levels = {1, 2};
  return options;
}

// 1 MiB of map, enough work for several pieces.
struct LargeMap {
  std::vector<float> values = std::vector<float>(64 * 64 * 64, 0.5F);
  spp::Batch maps{values.data(), 1, 64, 64, 64};
  std::vector<float> row = std::vector<float>(5 * 64);
  spp::Output output{row.data(), 5 * 64};
};

TEST(CppThreads, ExecutorRunsEveryPieceOfTheCall) {
  const spp::Pooling pooling(one_and_two());
  LargeMap large;
  std::int64_t pieces = 0;
  const auto backwards = [&pieces](spp::Task task, std::int64_t count) {
    pieces += count;
    while (count > 0) task(--count);
  };
  spp::Execution execution;
  execution.thread_limit = 4;  // also where there is one processor
  execution.executor = backwards;
  const spp::Report report = pooling.pool_into(large.maps, large.output, execution);
  EXPECT_EQ(large.row, std::vector<float>(5 * 64, 0.5F));
  EXPECT_EQ(report.tier, pooling.tier());
  EXPECT_GT(report.tasks, 1);
  EXPECT_EQ(pieces, report.tasks);
}

TEST(CppThreads, WhatAnExecutorThrowsComesOutOfTheCall) {
  const spp::Pooling pooling(one_and_two());
  LargeMap large;
  const auto failing = [](spp::Task, std::int64_t) { throw std::out_of_range("the pool is gone"); };
  spp::Execution execution;
  execution.thread_limit = 4;  // also where there is one processor
  execution.executor = failing;
  try {
    pooling.pool_into(large.maps, large.output, execution);
    FAIL() << "no exception";
  } catch (const std::out_of_range &error) {
    EXPECT_STREQ(error.what(), "the pool is gone");
  }
}

TEST(CppThreads, AnExecutorThatLeavesPiecesOutIsReported) {
  const spp::Pooling pooling(one_and_two());
  LargeMap large;
  auto idle = [](spp::Task, std::int64_t) {};
  spp::Execution execution;
  execution.thread_limit = 4;  // also where there is one processor
  execution.executor = idle;
  try {
    pooling.pool_into(large.maps, large.output, execution);
    FAIL() << "no exception";
  } catch (const spp::Error &error) {
    EXPECT_EQ(error.status(), spp::Status::executor);
  }
}

TEST(CppThreads, ThreadLimitOfOneKeepsTheCallOnItsThread) {
  const spp::Pooling pooling(one_and_two());
  LargeMap large;
  spp::Execution execution;
  execution.thread_limit = 1;
  EXPECT_EQ(pooling.pool_into(large.maps, large.output, execution).tasks, 1);
}

TEST(CppThreads, OneObjectServesSeveralThreads) {
  const spp::Pooling pooling(one_and_two());
  const std::vector<float> small_map = {1, 5, 2, 3};
  const std::vector<float> small_row = {5, 1, 5, 2, 3};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int repeat = 0; repeat < 100; ++repeat) {
        if (pooling.pool(spp::Batch{small_map.data(), 1, 2, 2, 1}) != small_row) ++wrong;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
