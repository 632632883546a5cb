// One pinned thread: a call with the positions of the maxima over one without, in the same rounds.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "kernel.hpp"
#include "report.hpp"
#include "table.hpp"
#include "timing.hpp"

namespace spp_bench {
namespace {

const std::vector<Shape> &shapes() {
  static const std::vector<Shape> list = {{1, 38, 50, 512}, {32, 13, 13, 256}, {64, 56, 56, 256}};
  return list;
}

constexpr double goal_ratio = 1.2;
constexpr AtMost at_most_ratio = {1.5, 1.7};

void measure(benchmark::State &state, const Shape &shape, std::int32_t tier,
             const Settings &settings) {
  run_on({settings.cpu});
  const Pyramid &pyramid = pyramids().front();
  const Maps maps = maps_of(shape, pyramid.bins());
  const Kernel kernel(maps, maps.input, pyramid, tier, 1);
  std::vector<Contender> contenders;
  contenders.push_back(timed([&] { kernel.run(); }));
  contenders.push_back(timed([&] { kernel.run_argmax(SPP_INDEX_I32); }));
  contenders.push_back(timed([&] { kernel.run_argmax(SPP_INDEX_I64); }));
  take_turns(contenders, least_rounds, settings.seconds());
  const double plain = contenders[0].fastest();
  state.SetIterationTime(contenders[2].fastest() * 1e-9);
  state.counters["ratio_i32"] = contenders[1].fastest() / plain;
  state.counters["ratio_i64"] = contenders[2].fastest() / plain;
}

}  // namespace

std::vector<ArgmaxCase> register_argmax(const Settings &settings) {
  std::vector<ArgmaxCase> cases;
  for (const Shape &shape : shapes()) {
    for (const std::int32_t tier : available_tiers()) {
      if (!has_limits(tier)) continue;
      cases.push_back(
          {shape, tier, fmt::format("argmax/{}/{}", shape.name(), spp_tier_name(tier))});
      register_case(cases.back().name,
                    [=](benchmark::State &state) { measure(state, shape, tier, settings); });
    }
  }
  return cases;
}

int print_argmax(const Collector &results, const std::vector<ArgmaxCase> &cases) {
  int missed = 0;
  std::vector<Cells> table = {{"shape (NHWC)", "tier", "int32", "int64", "goal", "at most", ""}};
  for (const ArgmaxCase &entry : cases) {
    const Collector::Result *result = results.find(entry.name);
    if (result == nullptr) continue;
    Cells cells = {entry.shape.name(), spp_tier_name(entry.tier)};
    if (!result->error.empty()) {
      cells.insert(cells.end(), {result->error, "", "", "", "FAILED"});
      ++missed;
    } else {
      const double narrow = result->values.at("ratio_i32");
      const double wide = result->values.at("ratio_i64");
      const double limit =
          entry.tier == SPP_TIER_AVX512 ? at_most_ratio.avx512 : at_most_ratio.avx2;
      cells.insert(cells.end(), {ratio(narrow), ratio(wide), ratio(goal_ratio), ratio(limit),
                                 verdict(wide, goal_ratio, limit, 0, missed)});
    }
    table.push_back(cells);
  }
  if (table.size() == 1) return 0;
  fmt::print("### Maxima with positions over maxima alone, [1,2,4] rounded, f32, one thread\n\n");
  print_table(table);
  return missed;
}

}  // namespace spp_bench
