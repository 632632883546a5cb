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
  std::int64_t repeats = 1;
  std::vector<double> rounds = {};  // nanoseconds per run, one entry a round

  double fastest() const;
};

// A contender that times `work` in a loop after one run that is not timed.
Contender timed(std::function<void()> work);

// Gives each contender so many repeats that a turn lasts about 100 us, then lets them take turns
// until the seconds are spent, five rounds at least.  Turns make a slow phase of the machine hit
// all.
void take_turns(std::vector<Contender> &contenders, double seconds);

double median(std::vector<double> values);

// The value below which the share `part` of the values lies.
double quantile(std::vector<double> values, double part);

double now_ns();

}  // namespace spp_bench
