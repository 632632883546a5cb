// fork() in a process with threads: the child has only the thread that called it.  It may pool, and
// does so alone.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "faults/workload.hpp"
#include "support/pooling.hpp"

namespace {

const Workload &workload() { return Workload::instance(); }

// Forks; whether the child found everything right within a minute.
bool child_pools(const spp_pooling *pooling) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    _exit(workload().run_all(linked_library, pooling).empty() ? 0 : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

TEST(Fork, WhileOtherThreadsAreInCalls) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  const Pooling pooling(workload().options());
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < 3; ++k) {
    threads.emplace_back([&] {
      while (!stop) wrong += workload().run_all(linked_library, pooling).empty() ? 0 : 1;
    });
  }
  for (int k = 0; k < 10; ++k) EXPECT_TRUE(child_pools(pooling)) << k;
  stop = true;
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(workload().run_all(linked_library, pooling), "");
}

// The parent's first call is still making oneTBB start, or has not yet, when it forks.
TEST(Fork, WhileTheFirstCallStarts) {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "ThreadSanitizer lets no child of a process with threads start one";
#endif
#endif
  const Pooling pooling(workload().options());
  for (int k = 0; k < 40; ++k) {
    const pid_t program = fork();  // so that no test and no round before has made a call
    if (program == 0) {
      alarm(60);
      std::thread caller([&] { workload().run_all(linked_library, pooling); });
      std::this_thread::sleep_for(std::chrono::microseconds(20 * k));
      const bool fine = child_pools(pooling);
      caller.join();
      _exit(fine ? 0 : 1);
    }
    int status = 1;
    ASSERT_EQ(waitpid(program, &status, 0), program);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << k;
  }
}

// The parent used oneTBB for itself and not through the library: the child's call is the first.
TEST(Fork, OfAProgramThatUsesOneTbbItself) {
  const pid_t program = fork();  // so that no test before this one has made a call
  if (program == 0) {
    alarm(60);
    std::atomic<int> sum{0};
    {
      const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
      tbb::parallel_for(0, 1000, [&](int) { ++sum; });
    }
    const Pooling pooling(workload().options());
    _exit(sum == 1000 && child_pools(pooling) ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(program, &status, 0), program);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Fork, GrandchildrenPoolToo) {
  const Pooling pooling(workload().options());
  EXPECT_EQ(workload().run_all(linked_library, pooling), "");
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    const bool fine = workload().run_all(linked_library, pooling).empty() && child_pools(pooling);
    _exit(fine ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
