// How calls are run.
#ifndef SPP_TESTS_SUPPORT_EXECUTION_HPP
#define SPP_TESTS_SUPPORT_EXECUTION_HPP

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "spp.h"

inline spp_execution execution_with(std::int32_t thread_limit, spp_executor executor = nullptr,
                                    void *context = nullptr) {
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  execution.thread_limit = thread_limit;
  execution.executor = executor;
  execution.executor_context = context;
  return execution;
}

// Executors.  The context of this one counts the tasks, if there is one.
inline std::int32_t in_order(void *calls, spp_task task, void *task_context, std::int64_t count) {
  if (calls != nullptr) *static_cast<std::int64_t *>(calls) += count;
  for (std::int64_t k = 0; k < count; ++k) task(task_context, k);
  return 0;
}

// The last task first.
inline std::int32_t backwards(void *, spp_task task, void *context, std::int64_t count) {
  for (std::int64_t k = count; k-- > 0;) task(context, k);
  return 0;
}

inline std::int32_t on_own_threads(void *, spp_task task, void *task_context, std::int64_t count) {
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

#endif
