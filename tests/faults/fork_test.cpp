// fork() in a process with threads: the child has only the thread that called it.  It may pool, and
// does so alone.  In a program of its own, whose sanitizer is told to let children live.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "faults/workload.hpp"
#include "support/pooling.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// AddressSanitizer of Clang 19 takes all its locks before a fork but those of the quarantine, where
// freed memory waits: a child of a process whose other thread was freeing some hangs in its own first
// free.  Without a quarantine nobody takes them.
extern "C" const char *__asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "quarantine_size_mb=0:thread_local_quarantine_size_kb=0";
}
#endif
#endif

namespace {

const Workload &workload() { return Workload::instance(); }

// Waits for a child; "" if it found everything right, else how it ended.
std::string end_of(pid_t child) {
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return "no child";
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return "exit " + std::to_string(WEXITSTATUS(status));
  return "";
}

// Forks; "" if the child found everything right within a minute.
std::string end_of_child_that_pools(const spp_pooling *pooling) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    _exit(workload().run_all(linked_library, pooling).empty() ? 0 : 1);
  }
  return end_of(child);
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
  for (int k = 0; k < 10; ++k) EXPECT_EQ(end_of_child_that_pools(pooling), "") << k;
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
      alarm(120);  // the child's end is seen first
      std::thread caller([&] { workload().run_all(linked_library, pooling); });
      std::this_thread::sleep_for(std::chrono::microseconds(20 * k));
      const bool fine = end_of_child_that_pools(pooling).empty();
      caller.join();
      _exit(fine ? 0 : 1);
    }
    ASSERT_EQ(end_of(program), "") << k;
  }
}

// The parent used oneTBB for itself and not through the library: the child's call is the first.
TEST(Fork, OfAProgramThatUsesOneTbbItself) {
  const pid_t program = fork();  // so that no test before this one has made a call
  if (program == 0) {
    alarm(120);
    std::atomic<int> sum{0};
    {
      const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
      tbb::parallel_for(0, 1000, [&](int) { ++sum; });
    }
    const Pooling pooling(workload().options());
    _exit(sum == 1000 && end_of_child_that_pools(pooling).empty() ? 0 : 1);
  }
  EXPECT_EQ(end_of(program), "");
}

TEST(Fork, GrandchildrenPoolToo) {
  const Pooling pooling(workload().options());
  EXPECT_EQ(workload().run_all(linked_library, pooling), "");
  const pid_t child = fork();
  if (child == 0) {
    alarm(120);
    const bool fine = workload().run_all(linked_library, pooling).empty() &&
                      end_of_child_that_pools(pooling).empty();
    _exit(fine ? 0 : 1);
  }
  EXPECT_EQ(end_of(child), "");
}

}  // namespace
