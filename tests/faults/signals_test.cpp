// Signals that interrupt calls, on the calling thread and on workers, change nothing.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <tbb/global_control.h>

#include <atomic>
#include <cerrno>

#include "faults/workload.hpp"
#include "support/pooling.hpp"

namespace {

std::atomic<int> interruptions{0};

void count_interruption(int) { ++interruptions; }

// SIGALRM every 200 microseconds, without SA_RESTART: waits end early.
class Interruptions {
 public:
  Interruptions() {
    struct sigaction action = {};
    action.sa_handler = count_interruption;
    sigaction(SIGALRM, &action, &former_);
    const itimerval timer = {{0, 200}, {0, 200}};
    setitimer(ITIMER_REAL, &timer, nullptr);
  }
  ~Interruptions() {
    const itimerval off = {};
    setitimer(ITIMER_REAL, &off, nullptr);
    sigaction(SIGALRM, &former_, nullptr);
  }
  Interruptions(const Interruptions &) = delete;
  Interruptions &operator=(const Interruptions &) = delete;

 private:
  struct sigaction former_ = {};
};

TEST(Signals, InterruptCallsAndChangeNothing) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  const Workload &workload = Workload::instance();
  const Pooling pooling(workload.options());
  interruptions = 0;
  const Interruptions timer;
  for (int round = 0; round < 1000 && (round < 20 || interruptions < 100); ++round) {
    const spp_execution execution = execution_with(round % 3);
    ASSERT_EQ(workload.run_all(linked_library, pooling, &execution), "");
  }
  EXPECT_GE(interruptions, 100);
}

// errno belongs to the caller: no call that succeeds sets it.
TEST(Signals, CallsLeaveErrnoAlone) {
  const Workload &workload = Workload::instance();
  const Pooling pooling(workload.options());
  for (const Kind kind : all_kinds) {
    Results results = workload.untouched(kind);
    const spp_execution execution = execution_with(1);
    errno = EDOM;
    ASSERT_EQ(workload.call(linked_library, pooling, kind, &execution, results), SPP_OK);
    EXPECT_EQ(errno, EDOM) << name_of(kind);
  }
}

}  // namespace
