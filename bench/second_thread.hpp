// The second CPU: a thread there for the roofs, and where the library's own threads run.
#pragma once

#include <oneapi/tbb/task_scheduler_observer.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "register.hpp"
#include "timing.hpp"

namespace spp_bench {

// A thread on the second CPU that runs its half whenever the first thread says so.  It spins
// between the runs and lives for one turn only, so that it disturbs no other contender.
class SecondThread {
 public:
  SecondThread(int cpu, std::function<void()> half)
      : thread_([this, cpu, half = std::move(half)] {
          run_on({cpu});
          for (std::int64_t next = 1;; ++next) {
            while (asked_.load(std::memory_order_acquire) < next) {
              if (stop_.load(std::memory_order_relaxed)) return;
            }
            half();
            done_.store(next, std::memory_order_release);
          }
        }) {}
  ~SecondThread() {
    stop_ = true;
    thread_.join();
  }
  SecondThread(const SecondThread &) = delete;
  SecondThread &operator=(const SecondThread &) = delete;

  void start() { asked_.store(++asks_, std::memory_order_release); }
  void wait() const {
    while (done_.load(std::memory_order_acquire) < asks_) {
    }
  }

 private:
  std::int64_t asks_ = 0;
  alignas(64) std::atomic<std::int64_t> asked_{0};
  alignas(64) std::atomic<std::int64_t> done_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// Puts the library's worker threads on a CPU of their own, as the roof's second thread is, or lets
// them run where they like.  Without this a system that has other work keeps both threads of a call
// on one CPU for whole seconds, and the speed-up is the system's and not the library's.
class Workers : public oneapi::tbb::task_scheduler_observer {
 public:
  explicit Workers(const Settings &settings) : settings_(settings) { observe(true); }
  ~Workers() override { observe(false); }
  Workers(const Workers &) = delete;
  Workers &operator=(const Workers &) = delete;

  void on_scheduler_entry(bool is_worker) override {
    if (is_worker) place(settings_.second_cpu);
  }

  // Moves the calling thread at once and the workers when they next come for work.
  void release() {
    pinned_ = false;
    place(settings_.cpu);
  }

 private:
  void place(int cpu) const { run_on(pinned_ ? std::vector<int>{cpu} : allowed_cpus()); }

  Settings settings_;
  std::atomic<bool> pinned_{true};
};

// The work of two threads: `first` on this one and `second` on the second CPU.
inline Contender timed_pair(const Settings &settings, std::function<void()> first,
                            std::function<void()> second) {
  return {[cpu = settings.second_cpu, first = std::move(first),
           second = std::move(second)](std::int64_t repeats) {
    SecondThread other(cpu, second);
    double start = 0;
    for (std::int64_t i = -1; i < repeats; ++i) {  // the first run is not timed
      if (i == 0) start = now_ns();
      other.start();
      first();
      other.wait();
    }
    return (now_ns() - start) / static_cast<double>(repeats);
  }};
}

}  // namespace spp_bench
