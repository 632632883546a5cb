// Clock, CPUs and rounds.
#pragma once

#include <sched.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace spp_bench {

// The CPUs that this process was started on, in ascending order.
const std::vector<int> &allowed_cpus();

// Restricts the calling thread to these CPUs.
void run_on(const std::vector<int> &cpus);

// Something to time: runs itself `repeats` times and returns the nanoseconds of one run.
struct Contender {
  std::function<double(std::int64_t repeats)> time;
  std::vector<double> rounds = {};  // nanoseconds per run, one entry a round

  double fastest() const;
};

// A contender that times `work` in a loop.  Runs that are repeated are preceded by one that is not
// timed; single ones are of maps so large that no cache remembers them.
Contender timed(std::function<void()> work);

// The same with such a run before each turn: for work whose time depends on what wrote its memory last.
// Streaming stores take an array out of the caches, and the next loop would pay for it.
Contender timed_warm(std::function<void()> work);

// Gives each contender so many repeats that a turn lasts about 200 us, then lets them take turns
// for so many rounds, and until the seconds are spent.  Turns make a slow phase of the machine hit
// all.
void take_turns(std::vector<Contender> &contenders, std::size_t rounds, double seconds = 0);

double median(std::vector<double> values);

// The value below which the share `part` of the values lies.
double quantile(std::vector<double> values, double part);

double now_ns();

}  // namespace spp_bench
