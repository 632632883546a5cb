// Who may call, and from where: few slots, many threads, tasks of oneTBB and of the caller's own pool.

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "faults/thread_pool.hpp"
#include "faults/workload.hpp"
#include "support/pooling.hpp"

namespace {

const Workload &workload() { return Workload::instance(); }

class Callers : public testing::Test {
 public:
  Callers() : pooling_(workload().options()) {}
  std::string run_all(const spp_execution *execution = nullptr) const {
    return workload().run_all(linked_library, pooling_, execution);
  }

 protected:
  const Pooling pooling_;
};

TEST_F(Callers, OneSlotOfOneTbb) {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  EXPECT_EQ(run_all(), "");
  tbb::task_arena arena(1);
  arena.execute([&] { EXPECT_EQ(run_all(), ""); });
}

// An arena whose only slot is for workers: the caller's task is run by somebody else.
TEST_F(Callers, ArenaWithoutASlotForTheCaller) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  tbb::task_arena arena(2, 0);
  arena.execute([&] { EXPECT_EQ(run_all(), ""); });
}

TEST_F(Callers, ManyThreadsOnOneHandleMakeAllKindsOfCalls) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  std::vector<std::string> wrong(6);
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < wrong.size(); ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t call = 0; call < 12; ++call) {
        const Kind kind = all_kinds[(thread + call) % 6];
        const spp_execution execution = execution_with(static_cast<std::int32_t>(call % 3));
        wrong[thread] += workload().run(linked_library, pooling_, kind, &execution);
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  for (const std::string &text : wrong) EXPECT_EQ(text, "");
}

TEST_F(Callers, InsideOfTasksOfOneTbb) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  std::atomic<int> right{0};
  tbb::parallel_for(0, 8, [&](int) { right += run_all().empty() ? 1 : 0; });
  tbb::task_group group;
  for (int k = 0; k < 4; ++k) group.run([&] { right += run_all().empty() ? 1 : 0; });
  group.wait();
  EXPECT_EQ(right, 12);
}

// A caller that waits for its call must not be given an unrelated task of the program meanwhile: that
// task may want what the caller holds.
TEST_F(Callers, WaitingForACallRunsNoOtherTask) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  static thread_local bool calling = false;
  std::atomic<int> nested{0};
  tbb::parallel_for(0, 64, [&](int) {
    nested += calling ? 1 : 0;
    calling = true;
    EXPECT_EQ(workload().run(linked_library, pooling_, Kind::dense), "");
    calling = false;
  });
  EXPECT_EQ(nested, 0);
}

TEST_F(Callers, OwnThreadPool) {
  ThreadPool pool(3);
  const spp_execution execution = execution_with(4, ThreadPool::executor, &pool);
  for (int round = 0; round < 3; ++round) EXPECT_EQ(run_all(&execution), "");
}

// The pool's own threads call, and the pieces of their calls go to the same pool.
TEST_F(Callers, InsideOfTasksOfTheOwnThreadPool) {
  struct Context {
    Callers *test;
    ThreadPool pool{3};
    std::atomic<int> right{0};
  } context;
  context.test = this;
  const auto task = [](void *given, std::int64_t) {
    Context &own = *static_cast<Context *>(given);
    const spp_execution execution = execution_with(4, ThreadPool::executor, &own.pool);
    own.right += own.test->run_all(&execution).empty() ? 1 : 0;
  };
  ThreadPool::executor(&context.pool, task, &context, 6);
  EXPECT_EQ(context.right, 6);
}

// What a bridge to another language does when its own code fails: before, between and after tasks.
std::int32_t throwing(void *context, spp_task task, void *task_context, std::int64_t count) {
  const auto before = *static_cast<const std::int64_t *>(context);
  for (std::int64_t k = 0; k < count && k < before; ++k) task(task_context, k);
  throw std::runtime_error("the bridge broke");
}

std::int32_t throwing_no_exception(void *, spp_task, void *, std::int64_t) { throw 7; }

TEST_F(Callers, ExceptionOfTheExecutor) {
  for (const Kind kind : all_kinds) {
    for (std::int64_t before : {0, 1, 1000}) {
      Results results = workload().untouched(kind);
      const spp_execution execution = execution_with(4, throwing, &before);
      EXPECT_EQ(workload().call(linked_library, pooling_, kind, &execution, results),
                SPP_ERROR_EXECUTOR)
          << name_of(kind);
      EXPECT_STREQ(spp_last_error(), "execution->executor let an exception out");
    }
    Results results = workload().untouched(kind);
    const spp_execution execution = execution_with(4, throwing_no_exception);
    EXPECT_EQ(workload().call(linked_library, pooling_, kind, &execution, results),
              SPP_ERROR_EXECUTOR);
  }
  EXPECT_EQ(run_all(), "");
}

}  // namespace
