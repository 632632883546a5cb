#include "roof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "timing.hpp"

namespace spp_bench {

#define ROOF(tier) extern const RoofLoops roof_##tier;
SPP_BENCH_ROOFS
#undef ROOF

namespace {

// Heats: all variants once, the best of them several times, a few beside each kernel.
constexpr std::size_t second_heat = 16;
constexpr std::size_t final_rounds = 7;
constexpr std::size_t kept_variants = 3;

struct Tier {
  const char *name;
  const RoofLoops &loops;
};

// The instruction sets that this CPU has, whatever tier is being measured: the roof is the
// machine's.
std::vector<Tier> usable_tiers() {
#define ROOF(tier) Tier{#tier, roof_##tier},
  const std::vector<Tier> built = {SPP_BENCH_ROOFS};
#undef ROOF
  std::vector<Tier> usable;
  for (const std::int32_t id : available_tiers()) {
    for (const Tier &tier : built) {
      if (std::strcmp(tier.name, spp_tier_name(id)) == 0) usable.push_back(tier);
    }
  }
  return usable;
}

std::vector<RoofVariant> variants(const Maps &maps) {
  const char *const spacings[] = {"dense", "even", "after"};
  std::vector<RoofVariant> all;
  for (const Tier &tier : usable_tiers()) {
    for (std::size_t i = 0; i < tier.loops.count; ++i) {
      const RoofLoop &loop = tier.loops.loops[i];
      for (const auto spacing : {RoofVariant::dense, RoofVariant::even, RoofVariant::after}) {
        for (const bool per_image : {true, false}) {
          const bool differs = maps.shape.count > 1 && spacing == RoofVariant::after;
          if (!per_image && !differs) continue;
          all.push_back({&loop,
                         fmt::format("{}, {} floats a step, {}stores of {}, {}{}", tier.name,
                                     loop.block, loop.streamed ? "non-temporal " : "", loop.burst,
                                     spacings[spacing], per_image ? "" : ", whole batch"),
                         per_image, spacing});
        }
      }
    }
  }
  return all;
}

Contender contender_of(const RoofVariant &variant, const Maps &maps) {
  return timed([variant, maps] { variant.run(maps, 0, maps.shape.count); });
}

// The indices of the contenders, the fastest first.
std::vector<std::size_t> ascending(const std::vector<Contender> &contenders) {
  std::vector<std::size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return contenders[a].fastest() < contenders[b].fastest();
  });
  return order;
}

// The `count` fastest variants after a few turns each.
std::vector<RoofVariant> fastest_of(const std::vector<RoofVariant> &all, const Maps &maps,
                                    std::size_t count, std::size_t rounds) {
  std::vector<Contender> contenders;
  for (const RoofVariant &variant : all) contenders.push_back(contender_of(variant, maps));
  take_turns(contenders, rounds);
  const std::vector<std::size_t> order = ascending(contenders);
  std::vector<RoofVariant> fastest;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
    fastest.push_back(all[order[i]]);
  }
  return fastest;
}

// Without an output, loops of the same step are the same.
double time_reading(const std::vector<RoofVariant> &all, Maps maps) {
  maps.row_size = 0;
  std::vector<Contender> contenders;
  std::size_t block = 0;
  for (const RoofVariant &variant : all) {
    if (variant.spacing == RoofVariant::after && variant.loop->block != block) {
      contenders.push_back(contender_of(variant, maps));
      block = variant.loop->block;
    }
  }
  take_turns(contenders, final_rounds);
  double fastest = std::numeric_limits<double>::infinity();
  for (const Contender &contender : contenders) fastest = std::min(fastest, contender.fastest());
  return fastest;
}

double time_memcpy(const Maps &maps) {
  const auto size = static_cast<std::size_t>(maps.shape.input_size());
  std::vector<float> copy(size);
  std::vector<Contender> one = {timed([&] {
    std::memcpy(copy.data(), maps.input, size * sizeof(float));
    asm volatile("" : : "r"(copy.data()) : "memory");
  })};
  take_turns(one, final_rounds);
  return one.front().fastest();
}

// Bursts do not matter to these.
std::vector<WriteLoop> all_write_loops(float *ordinary, float *streamed) {
  std::vector<WriteLoop> all;
  for (const Tier &tier : usable_tiers()) {
    std::vector<std::pair<std::size_t, bool>> known;
    for (std::size_t i = 0; i < tier.loops.count; ++i) {
      const RoofLoop &loop = tier.loops.loops[i];
      const std::pair<std::size_t, bool> kind(loop.block, loop.streamed);
      if (std::find(known.begin(), known.end(), kind) != known.end()) continue;
      known.push_back(kind);
      all.push_back({&loop, loop.streamed ? streamed : ordinary});
    }
  }
  return all;
}

Roof measure(const Maps &maps) {
  const std::vector<RoofVariant> all = variants(maps);
  const std::vector<RoofVariant> some = fastest_of(all, maps, second_heat, 1);
  return {fastest_of(some, maps, kept_variants, final_rounds), time_reading(all, maps),
          time_memcpy(maps)};
}

}  // namespace

void RoofVariant::run(const Maps &maps, std::int64_t first, std::int64_t count) const {
  const std::int64_t map_size = maps.shape.input_size() / maps.shape.count;
  const std::int64_t images = per_image ? 1 : count;
  Traffic traffic{};
  traffic.input_size = static_cast<std::size_t>(images * map_size);
  traffic.output_size = static_cast<std::size_t>(images * maps.row_size);
  const std::size_t blocks = traffic.input_size / loop->block;
  const std::size_t bursts = std::max<std::size_t>(1, traffic.output_size / loop->burst);
  traffic.blocks_per_burst = spacing == dense  ? 1
                             : spacing == even ? std::max<std::size_t>(1, blocks / bursts)
                                               : blocks + 1;
  for (std::int64_t i = first; i < first + count; i += images) {
    traffic.input = maps.input + i * map_size;
    traffic.output = maps.output + i * maps.row_size;
    loop->run(traffic);
  }
}

void WriteLoop::run(std::int64_t first, std::int64_t last) const {
  static const std::vector<float> input = [] {
    std::vector<float> step(256);  // of any loop
    for (std::size_t i = 0; i < step.size(); ++i) step[i] = static_cast<float>(i + 1) / 3.0F;
    return step;
  }();
  loop->run({input.data(), loop->block, output + first, static_cast<std::size_t>(last - first), 2});
}

std::vector<Contender> write_loops(float *output, std::int64_t size) {
  std::vector<Contender> contenders;
  for (const WriteLoop &loop : all_write_loops(output, output))
    contenders.push_back(timed_warm([=] { loop.run(0, size); }));
  return contenders;
}

std::vector<WriteLoop> fastest_write_loops(std::int64_t size, Pages pages) {
  static std::map<std::pair<std::int64_t, Pages>, std::vector<std::size_t>> known;
  const std::vector<WriteLoop> all =
      all_write_loops(written_memory(size, false, pages), written_memory(size, true, pages));
  std::vector<std::size_t> &order = known[{size, pages}];
  if (order.empty()) {
    std::vector<Contender> contenders;
    for (const WriteLoop &loop : all) contenders.push_back(timed_warm([=] { loop.run(0, size); }));
    take_turns(contenders, 2);
    order = ascending(contenders);
    order.resize(std::min(order.size(), kept_variants));
  }
  std::vector<WriteLoop> fastest;
  for (const std::size_t i : order) fastest.push_back(all[i]);
  return fastest;
}

const Roof &roof_of(const Maps &maps) {
  static std::map<std::string, Roof> known;
  const std::string key = fmt::format("{} {}", maps.shape.name(), maps.row_size);
  const auto found = known.find(key);
  return found != known.end() ? found->second : known.emplace(key, measure(maps)).first->second;
}

}  // namespace spp_bench
