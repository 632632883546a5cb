#include "timing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

namespace spp_bench {
namespace {

constexpr double turn_ns = 200e3;

std::vector<int> read_allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) throw std::runtime_error("sched_getaffinity");
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

}  // namespace

double now_ns() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::nano>(since).count();
}

const std::vector<int> &allowed_cpus() {
  static const std::vector<int> cpus = read_allowed_cpus();
  return cpus;
}

void run_on(const std::vector<int> &cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) throw std::runtime_error("sched_setaffinity");
}

double Contender::fastest() const { return *std::min_element(rounds.begin(), rounds.end()); }

Contender timed(std::function<void()> work) {
  return {[work = std::move(work)](std::int64_t repeats) {
    if (repeats > 1) work();
    const double start = now_ns();
    for (std::int64_t i = 0; i < repeats; ++i) work();
    return (now_ns() - start) / static_cast<double>(repeats);
  }};
}

Contender timed_warm(std::function<void()> work) {
  return {[work = std::move(work)](std::int64_t repeats) {
    work();
    const double start = now_ns();
    for (std::int64_t i = 0; i < repeats; ++i) work();
    return (now_ns() - start) / static_cast<double>(repeats);
  }};
}

void take_turns(std::vector<Contender> &contenders, std::size_t rounds, double seconds) {
  std::vector<std::int64_t> repeats;
  for (const Contender &contender : contenders) {
    const double once = contender.time(1);
    const double again = once < turn_ns ? contender.time(2) : once;
    repeats.push_back(std::max<std::int64_t>(1, std::llround(turn_ns / std::max(again, 1.0))));
  }
  const double end = now_ns() + seconds * 1e9;
  for (std::size_t round = 0; round < rounds || now_ns() < end; ++round) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      contenders[i].rounds.push_back(contenders[i].time(repeats[i]));
    }
  }
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

double quantile(std::vector<double> values, double part) {
  const auto index = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return values[static_cast<std::size_t>(index)];
}

}  // namespace spp_bench
