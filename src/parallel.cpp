#include "parallel.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "status.hpp"

namespace spp {
namespace {

// The tasks of one call, in as many runs as there may be threads.  A lane takes the tasks of its own
// run first: the same ones as in the call before, so that a map that was cut in the same way finds
// its part in that core's cache.  Then it helps the others.
class Lanes {
 public:
  static constexpr std::int32_t most = 64;

  Lanes(std::int64_t count, std::int32_t lanes, spp_task task, void *context)
      : lanes_(std::min(lanes, most)), task_(task), context_(context) {
    for (std::int32_t lane = 0; lane < lanes_; ++lane) {
      runs_[lane].next.store(count * lane / lanes_, std::memory_order_relaxed);
      runs_[lane].last = count * (lane + 1) / lanes_;
    }
  }

  std::int32_t count() const { return lanes_; }

  void work(std::int32_t own) {
    for (std::int32_t k = 0; k < lanes_; ++k) drain(runs_[(own + k) % lanes_]);
  }

 private:
  struct alignas(64) Run {
    std::atomic<std::int64_t> next;
    std::int64_t last;
  };

  void drain(Run &run) {
    for (std::int64_t i = run.next++; i < run.last; i = run.next++) task_(context_, i);
  }

  std::int32_t lanes_;
  spp_task task_;
  void *context_;
  Run runs_[most];
};

// In a child process after fork() the worker threads of oneTBB are gone and its locks may be held
// by them, so a child of a process that has used them works alone.  It must not even ask oneTBB how many
// there are: another thread of the parent may have been in its start.
bool is_forked_child() {
  static std::atomic<pid_t> owner{0};
  const pid_t self = getpid();
  pid_t expected = 0;
  return !owner.compare_exchange_strong(expected, self) && expected != self;
}

// A lane that no thread comes for costs nothing: the caller's own lane does its work.  Static, so
// that a lane meets the same thread in every call.  Isolated, because a caller that waits inside its
// own oneTBB task must not pick up unrelated tasks meanwhile.
void run_in_arena(Lanes &lanes) {
  using oneapi::tbb::blocked_range;
  oneapi::tbb::this_task_arena::isolate([&] {
    oneapi::tbb::parallel_for(
        blocked_range<std::int32_t>(0, lanes.count(), 1),
        [&](const blocked_range<std::int32_t> &range) {
          for (std::int32_t lane = range.begin(); lane != range.end(); ++lane) lanes.work(lane);
        },
        oneapi::tbb::static_partitioner());
  });
}

// Counts, because the caller's code decides what is run how often.
struct Watched {
  std::int64_t count;
  spp_task task;
  void *context;
  std::atomic<unsigned char> *started;  // one per task
  std::atomic<std::int64_t> finished{0};
  std::atomic<bool> misused{false};
};

void run_watched(void *context, std::int64_t index) {
  Watched &watched = *static_cast<Watched *>(context);
  if (index < 0 || index >= watched.count || watched.started[index].exchange(1) != 0) {
    watched.misused = true;
    return;
  }
  watched.task(watched.context, index);
  ++watched.finished;
}

spp_status run_on_executor(const Execution &execution, std::int64_t count, spp_task task,
                           void *context) {
  std::atomic<unsigned char> started[most_tasks];
  if (count > most_tasks) return fail(SPP_ERROR_INTERNAL, "too many tasks for an executor");
  for (std::int64_t i = 0; i < count; ++i) started[i].store(0, std::memory_order_relaxed);
  Watched watched{count, task, context, started};
  std::int32_t result = 0;
  try {
    result = execution.executor(execution.executor_context, run_watched, &watched, count);
  } catch (...) {
    return fail(SPP_ERROR_EXECUTOR, "execution->executor let an exception out");
  }
  if (result != 0)
    return fail(SPP_ERROR_EXECUTOR, "execution->executor returned %d", static_cast<int>(result));
  if (watched.misused)
    return fail(SPP_ERROR_EXECUTOR,
                "execution->executor ran a task twice, or one outside [0, %lld)",
                static_cast<long long>(count));
  if (watched.finished != count)
    return fail(SPP_ERROR_EXECUTOR, "execution->executor ran %lld of %lld tasks",
                static_cast<long long>(watched.finished), static_cast<long long>(count));
  return SPP_OK;
}

}  // namespace

// The first call of a process makes oneTBB look at the machine, for which it takes memory.  Without
// that it throws, and whoever asks again waits in it forever: so it is asked once, by one thread, and
// if there was no memory the library does without it.
std::int32_t arena_threads() {
  using oneapi::tbb::this_task_arena::max_concurrency;
  if (is_forked_child()) return 1;
  static const bool has_started = [] {
    try {
      return max_concurrency() > 0;
    } catch (...) {
      return false;
    }
  }();
  return has_started ? max_concurrency() : 1;
}

std::int32_t available_threads(const Execution &execution) {
  const auto processors = [] {
    return static_cast<std::int32_t>(std::max(1U, std::thread::hardware_concurrency()));
  };
  if (execution.thread_limit == 1) return 1;
  if (execution.executor != nullptr)
    return execution.thread_limit != 0 ? execution.thread_limit : processors();
  const std::int32_t threads = arena_threads();
  return execution.thread_limit != 0 ? std::min(execution.thread_limit, threads) : threads;
}

spp_status run_tasks(const Execution &execution, std::int64_t count, spp_task task, void *context) {
  if (execution.executor != nullptr) return run_on_executor(execution, count, task, context);
  const std::int64_t threads = available_threads(execution);
  Lanes lanes(count, static_cast<std::int32_t>(std::min(threads, count)), task, context);
  if (threads > 1) {
    try {
      run_in_arena(lanes);
    } catch (...) {
      // Memory for oneTBB's own tasks is short: what is left is done below.
    }
  }
  lanes.work(0);
  return SPP_OK;
}

}  // namespace spp
