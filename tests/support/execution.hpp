// How calls are run.
#ifndef SPP_TESTS_SUPPORT_EXECUTION_HPP
#define SPP_TESTS_SUPPORT_EXECUTION_HPP

#include <cstdint>

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

// An executor: the last task first, all on the caller's thread.
inline std::int32_t backwards(void *, spp_task task, void *context, std::int64_t count) {
  for (std::int64_t k = count; k-- > 0;) task(context, k);
  return 0;
}

#endif
