// Running independent tasks on several threads.  parallel.cpp alone knows oneTBB.
#pragma once

#include <spp.h>

#include <cstdint>

namespace spp {

// How to run one call; the struct of the C ABI, checked, with the handle's limit applied.
struct Execution {
  std::int32_t thread_limit = 0;  // 0: none
  spp_executor executor = nullptr;
  void *executor_context = nullptr;
};

// Threads that run_tasks() could use; what an executor of the caller has is not known, so there it
// is the limit, or the number of processors.
std::int32_t available_threads(const Execution &execution);

// The concurrency of the calling thread's oneTBB arena.
std::int32_t arena_threads();

// The most tasks of one run: they bound what is kept of each while a caller's executor runs them.
constexpr std::int64_t most_tasks = 4096;

// Runs task(context, i) once for every i in [0, count).
spp_status run_tasks(const Execution &execution, std::int64_t count, spp_task task, void *context);

}  // namespace spp
