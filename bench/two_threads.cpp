// Two threads: the library's speed-up over the speed-up of two threads that only read and write,
// and what becomes of a call whose second core is busy or has gone to sleep.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "kernel.hpp"
#include "register.hpp"
#include "roof.hpp"
#include "second_thread.hpp"
#include "timing.hpp"

namespace spp_bench {
namespace {

// The maps cut in two: by images, or one map into two pieces.
struct Halves {
  Maps maps;
  std::int64_t split;  // images of the first half
};

Halves halves_of(const Maps &maps) {
  Halves halves{maps, maps.shape.count / 2};
  if (maps.shape.count == 1) {  // two maps of half the size, as the roof sees only bytes
    halves.maps.shape = {2, 1, 1, maps.shape.input_size() / 2};
    halves.maps.row_size = maps.row_size / 2;
    halves.split = 1;
  }
  return halves;
}

Contender two_thread_roof(const RoofVariant &variant, const Halves &halves,
                          const Settings &settings) {
  const std::int64_t rest = halves.maps.shape.count - halves.split;
  return timed_pair(
      settings, [=] { variant.run(halves.maps, 0, halves.split); },
      [=] { variant.run(halves.maps, halves.split, rest); });
}

double least(const std::vector<Contender> &contenders, std::size_t first, std::size_t count) {
  double ns = contenders[first].fastest();
  for (std::size_t i = 1; i < count; ++i) ns = std::min(ns, contenders[first + i].fastest());
  return ns;
}

constexpr std::chrono::microseconds idle_pause{2000};

struct Paired {
  std::vector<double> one, two;  // nanoseconds of single calls
};

// Single calls by turns, one thread and two, with a pause before each.
Paired call_by_call(const Kernel &one, const Kernel &two, std::chrono::microseconds pause,
                    double seconds) {
  constexpr std::size_t least_calls = 20;
  Paired times;
  const auto call = [&](const Kernel &kernel, std::vector<double> &into) {
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
    const double start = now_ns();
    kernel.run();
    into.push_back(now_ns() - start);
  };
  const double end = now_ns() + seconds * 1e9;
  while (times.one.size() < least_calls || now_ns() < end) {
    call(one, times.one);
    call(two, times.two);
  }
  return times;
}

Paired with_busy_core(const Kernel &one, const Kernel &two, const Settings &settings) {
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    run_on({settings.second_cpu});
    while (!stop.load(std::memory_order_relaxed)) {
    }
  });
  const Paired times = call_by_call(one, two, std::chrono::microseconds(0), settings.seconds());
  stop = true;
  busy.join();
  return times;
}

void measure(benchmark::State &state, const Shape &shape, std::int32_t tier,
             const Settings &settings) {
  run_on(allowed_cpus());  // oneTBB counts them when it starts
  Workers workers(settings);
  const Pyramid &pyramid = pyramids().front();
  const Maps maps = maps_of(shape, pyramid.bins());
  const Kernel one(maps, maps.input, pyramid, tier, 1);
  const Kernel two(maps, maps.input, pyramid, tier, 2);
  two.check();
  run_on({settings.cpu});
  const Roof &roof = roof_of(maps);

  const std::size_t variants = roof.fastest.size();
  const Halves halves = halves_of(maps);
  std::vector<Contender> contenders;
  for (const RoofVariant &variant : roof.fastest) {
    contenders.push_back(timed([&] { variant.run(maps, 0, shape.count); }));
  }
  for (const RoofVariant &variant : roof.fastest) {
    contenders.push_back(two_thread_roof(variant, halves, settings));
  }
  contenders.push_back(timed([&] { one.run(); }));
  contenders.push_back(timed([&] { two.run(); }));
  take_turns(contenders, least_rounds, settings.seconds());

  const double speedup_rw = least(contenders, 0, variants) / least(contenders, variants, variants);
  const double two_ns = contenders.back().fastest();
  const double speedup = contenders[2 * variants].fastest() / two_ns;
  workers.release();
  const Paired idle = call_by_call(one, two, idle_pause, settings.seconds());
  const Paired busy = with_busy_core(one, two, settings);
  state.SetIterationTime(two_ns * 1e-9);
  state.counters["speedup"] = speedup;
  state.counters["speedup_rw"] = speedup_rw;
  state.counters["speedup_share"] = speedup / speedup_rw;
  state.counters["busy"] = median(busy.two) / median(busy.one);
  state.counters["busy_worst"] = quantile(busy.two, 0.99) / quantile(busy.one, 0.99);
  state.counters["idle"] = median(idle.two) / median(idle.one);
}

}  // namespace

std::vector<TwoThreadCase> register_two_threads(const Settings &settings) {
  std::vector<TwoThreadCase> cases;
  if (settings.cpu == settings.second_cpu) return cases;
  for (const Shape &shape : two_thread_shapes()) {
    for (const std::int32_t tier : available_tiers()) {
      if (!has_limits(tier)) continue;
      cases.push_back(
          {shape, tier, fmt::format("two_threads/{}/{}", shape.name(), spp_tier_name(tier))});
      register_case(cases.back().name,
                    [=](benchmark::State &state) { measure(state, shape, tier, settings); });
    }
  }
  return cases;
}

}  // namespace spp_bench
