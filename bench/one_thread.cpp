// One pinned thread: the kernel's time over the roof's, in the same rounds.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "kernel.hpp"
#include "register.hpp"
#include "roof.hpp"
#include "timing.hpp"

namespace spp_bench {
namespace {

// The fastest variant's time, round by round.
std::vector<double> roof_rounds(const std::vector<Contender> &contenders, std::size_t variants) {
  std::vector<double> fastest = contenders[0].rounds;
  for (std::size_t i = 1; i < variants; ++i) {
    for (std::size_t round = 0; round < fastest.size(); ++round) {
      fastest[round] = std::min(fastest[round], contenders[i].rounds[round]);
    }
  }
  return fastest;
}

std::string fastest_name(const std::vector<Contender> &contenders, const Roof &roof) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < roof.fastest.size(); ++i) {
    if (contenders[i].fastest() < contenders[best].fastest()) best = i;
  }
  return roof.fastest[best].name;
}

void measure(benchmark::State &state, const Shape &shape, const ElementType &type,
             const Pyramid &pyramid, std::int32_t tier, const Settings &settings) {
  run_on({settings.cpu});
  const Maps maps = maps_of(shape, pyramid.bins(), type);
  const Kernel aligned(maps, maps.input, pyramid, tier, 1, type);
  const Kernel offset(maps, maps.input + offset_floats, pyramid, tier, 1, type);
  aligned.check();
  offset.check();
  const Roof &roof = roof_of(maps);

  std::vector<Contender> contenders;
  for (const RoofVariant &variant : roof.fastest) {
    contenders.push_back(timed([&] { variant.run(maps, 0, shape.count); }));
  }
  contenders.push_back(timed([&] { aligned.run(); }));
  contenders.push_back(timed([&] { offset.run(); }));
  take_turns(contenders, least_rounds, settings.seconds());

  const std::vector<double> roofs = roof_rounds(contenders, roof.fastest.size());
  const Contender &kernel = contenders[contenders.size() - 2];
  std::vector<double> ratios;
  for (std::size_t i = 0; i < roofs.size(); ++i) ratios.push_back(kernel.rounds[i] / roofs[i]);
  const double roof_ns = *std::min_element(roofs.begin(), roofs.end());
  const double input_bytes = 4.0 * static_cast<double>(shape.input_size());
  state.SetIterationTime(kernel.fastest() * 1e-9);
  state.SetLabel(fastest_name(contenders, roof));
  state.counters["ratio_rw"] = kernel.fastest() / roof_ns;
  state.counters["ratio_rw_median"] = median(ratios);
  state.counters["ratio_rw_offset"] = contenders.back().fastest() / roof_ns;
  state.counters["kernel_ns"] = kernel.fastest();
  state.counters["kernel_GBps"] = maps.bytes() / kernel.fastest();
  state.counters["rw_GBps"] = maps.bytes() / roof_ns;
  state.counters["read_GBps"] = input_bytes / roof.read_ns;
  state.counters["memcpy_GBps"] = 2 * input_bytes / roof.memcpy_ns;
}

void add(const std::string &name, const Settings &settings, const Shape &shape,
         const ElementType &type, const Pyramid &pyramid, std::int32_t tier) {
  register_case(name, [=, &type, &pyramid](benchmark::State &state) {
    measure(state, shape, type, pyramid, tier, settings);
  });
}

}  // namespace

std::vector<std::int32_t> tiers_of(const Settings &settings) {
  std::vector<std::int32_t> tiers = available_tiers();
  if (!settings.full && has_limits(tiers.front())) {
    tiers.erase(std::remove_if(tiers.begin(), tiers.end(), std::not_fn(has_limits)), tiers.end());
  }
  return tiers;
}

std::vector<OneThreadCase> register_one_thread(const Settings &settings) {
  std::vector<OneThreadCase> cases;
  const auto enter = [&](const Row *row, const Shape &shape, const Pyramid &pyramid,
                         std::int32_t tier) {
    cases.push_back({row, &pyramid, tier,
                     fmt::format("pool/{}/{}/{}/{}", shape.name(), pyramid.levels, pyramid.rule(),
                                 spp_tier_name(tier))});
    add(cases.back().name, settings, shape, element_types().front(), pyramid, tier);
  };
  const std::vector<std::int32_t> tiers = tiers_of(settings);
  for (const Pyramid &pyramid : pyramids()) {
    for (const Row &row : rows()) {
      if (&pyramid != &pyramids().front() && row.others.avx512 == 0) continue;
      for (const std::int32_t tier : tiers) enter(&row, row.shape, pyramid, tier);
    }
  }
  for (const std::int32_t tier : tiers)
    enter(nullptr, smallest_call().shape, pyramids().front(), tier);
  return cases;
}

std::vector<TypeCase> register_types(const Settings &settings) {
  std::vector<TypeCase> cases;
  for (const Shape &shape : type_shapes()) {
    for (const ElementType &type : element_types()) {
      for (const std::int32_t tier : tiers_of(settings)) {
        cases.push_back({&shape, &type, tier,
                         fmt::format("types/{}/{}/{}", type.of_same_bytes(shape).name(), type.name,
                                     spp_tier_name(tier))});
        add(cases.back().name, settings, shape, type, pyramids().front(), tier);
      }
    }
  }
  return cases;
}

}  // namespace spp_bench
