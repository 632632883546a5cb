// Regions of one map: the call's time over that of writing its output once, few regions beside reading
// each by itself, and two threads.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>

#include "region_call.hpp"
#include "report.hpp"
#include "roof.hpp"
#include "second_thread.hpp"
#include "table.hpp"
#include "timing.hpp"

namespace spp_bench {
namespace {

double least(const std::vector<Contender> &contenders, std::size_t first, std::size_t last) {
  double ns = contenders[first].fastest();
  for (std::size_t i = first + 1; i < last; ++i) ns = std::min(ns, contenders[i].fastest());
  return ns;
}

void measure(benchmark::State &state, const RegionRow &row, std::int32_t tier,
             const Settings &settings) {
  run_on({settings.cpu});
  const RegionCall call(row, tier, 1);
  call.check();
  std::vector<Contender> contenders;
  for (const WriteLoop &loop : fastest_write_loops(call.output_size(), row.pages))
    contenders.push_back(timed_warm([=, &call] { loop.run(0, call.output_size()); }));
  contenders.push_back(timed_warm([&] { call.run(); }));
  take_turns(contenders, least_rounds, settings.seconds());
  const double write_ns = least(contenders, 0, contenders.size() - 1);
  const double call_ns = contenders.back().fastest();
  const double bytes = 4.0 * static_cast<double>(call.output_size());
  state.SetIterationTime(call_ns * 1e-9);
  state.counters["ratio"] = call_ns / write_ns;
  state.counters["call_GBps"] = bytes / call_ns;
  state.counters["write_GBps"] = bytes / write_ns;
  state.counters["large_pages"] = call.output_is_in_large_pages() ? 1 : 0;
}

void measure_few(benchmark::State &state, const RegionRow &row, std::int32_t tier,
                 const Settings &settings) {
  run_on({settings.cpu});
  const RegionCall call(row, tier, 1);
  call.check();
  std::vector<Contender> contenders;
  contenders.push_back(timed([&] { call.run_one_by_one(); }));
  contenders.push_back(timed([&] { call.run_as_maps(); }));
  contenders.push_back(timed([&] { call.run(); }));
  take_turns(contenders, least_rounds, settings.seconds());
  const double call_ns = contenders[2].fastest();
  state.SetIterationTime(call_ns * 1e-9);
  state.counters["one_by_one"] = call_ns / contenders[0].fastest();
  state.counters["as_maps"] = call_ns / contenders[1].fastest();
}

void measure_two_threads(benchmark::State &state, const RegionRow &row, std::int32_t tier,
                         const Settings &settings) {
  run_on(allowed_cpus());  // oneTBB counts them when it starts
  const Workers workers(settings);
  const RegionCall one(row, tier, 1);
  const RegionCall two(row, tier, 2);
  two.check();
  run_on({settings.cpu});
  const std::int64_t size = one.output_size();
  const std::vector<WriteLoop> loops = fastest_write_loops(size, row.pages);
  std::vector<Contender> contenders;
  for (const WriteLoop &loop : loops) contenders.push_back(timed_warm([&] { loop.run(0, size); }));
  for (const WriteLoop &loop : loops)
    contenders.push_back(
        timed_pair(settings, [&] { loop.run(0, size / 2); }, [&] { loop.run(size / 2, size); }));
  contenders.push_back(timed_warm([&] { one.run(); }));
  contenders.push_back(timed_warm([&] { two.run(); }));
  take_turns(contenders, least_rounds, settings.seconds());
  const std::size_t count = loops.size();
  const double two_ns = contenders.back().fastest();
  const double speedup = contenders[2 * count].fastest() / two_ns;
  const double of_writing = least(contenders, 0, count) / least(contenders, count, 2 * count);
  state.SetIterationTime(two_ns * 1e-9);
  state.counters["speedup"] = speedup;
  state.counters["speedup_write"] = of_writing;
  state.counters["share"] = speedup / of_writing;
}

using Measure = void (*)(benchmark::State &, const RegionRow &, std::int32_t, const Settings &);

void register_rows(const std::vector<RegionRow> &rows, const char *prefix, Measure measure_row,
                   const Settings &settings, std::vector<RegionCase> &cases) {
  for (const RegionRow &row : rows) {
    for (const std::int32_t tier : tiers_of(settings)) {
      cases.push_back(
          {&row, tier, fmt::format("{}/{}/{}", prefix, row.name(), spp_tier_name(tier))});
      register_case(cases.back().name, [=, &row](benchmark::State &state) {
        measure_row(state, row, tier, settings);
      });
    }
  }
}

// The first cells of a line; more follow, up to the verdict.
Cells first_cells(const RegionCase &entry) {
  return {fmt::format("{}", entry.row->count), windows_name(entry.row->windows),
          entry.row->pyramid.levels, entry.row->pyramid.rule(), spp_tier_name(entry.tier)};
}

template <typename Line>
int print_rows(const char *title, const Cells &head, const Collector &results,
               const std::vector<RegionCase> &cases, const Line &line) {
  int missed = 0;
  std::vector<Cells> table = {head};
  for (const RegionCase &entry : cases) {
    const Collector::Result *result = results.find(entry.name);
    if (result == nullptr) continue;
    Cells cells = first_cells(entry);
    if (result->error.empty()) {
      for (const std::string &cell : line(entry, *result, missed)) cells.push_back(cell);
    } else {
      cells.push_back(result->error);
      cells.resize(head.size() - 1);
      cells.push_back("FAILED");
      ++missed;
    }
    table.push_back(cells);
  }
  if (table.size() == 1) return 0;
  fmt::print("### {}\n\n", title);
  print_table(table);
  return missed;
}

}  // namespace

RegionCases register_regions(const Settings &settings) {
  RegionCases cases;
  register_rows(region_rows(), "regions", measure, settings, cases.many);
  register_rows(few_region_rows(), "few_regions", measure_few, settings, cases.few);
  if (settings.cpu != settings.second_cpu)
    register_rows(two_thread_region_rows(), "two_threads_regions", measure_two_threads, settings,
                  cases.two_threads);
  return cases;
}

int print_regions(const Collector &results, const RegionCases &cases) {
  using Result = Collector::Result;
  int missed = print_rows("Regions of 1x38x50x512 over writing their rows once, float, one thread",
                          {"regions", "windows", "levels", "rule", "tier", "pages", "ratio", "goal",
                           "at most", "GB/s", "write", ""},
                          results, cases.many,
                          [](const RegionCase &entry, const Result &result, int &missed_here) {
                            const bool asked = has_limits(entry.tier) && entry.row->at_most;
                            const auto goal = asked ? entry.row->goal : std::nullopt;
                            std::optional<double> limit;
                            if (asked)
                              limit = entry.tier == SPP_TIER_AVX512 ? entry.row->at_most->avx512
                                                                    : entry.row->at_most->avx2;
                            const double value = result.values.at("ratio");
                            const bool large = result.values.at("large_pages") != 0;
                            return Cells{large ? "2 MiB" : "4 KiB",
                                         ratio(value),
                                         ratio(goal),
                                         ratio(limit),
                                         gigabytes(result.values.at("call_GBps")),
                                         gigabytes(result.values.at("write_GBps")),
                                         verdict(value, goal, limit, 0, missed_here)};
                          });
  missed += print_rows(
      "Few regions over reading the window of each: by calls of spp_pool, by one of "
      "spp_pool_ragged",
      {"regions", "windows", "levels", "rule", "tier", "calls", "one call", "at most", ""}, results,
      cases.few, [](const RegionCase &entry, const Result &result, int &missed_here) {
        const double calls = result.values.at("one_by_one");
        const double call = result.values.at("as_maps");
        const auto limit = has_limits(entry.tier) ? std::optional(at_most_apart) : std::nullopt;
        return Cells{ratio(calls), ratio(call), ratio(limit),
                     verdict(std::max(calls, call), std::nullopt, limit, 0, missed_here)};
      });
  missed += print_rows("Regions, two threads",
                       {"regions", "windows", "levels", "rule", "tier", "speed-up", "write's",
                        "share", "goal", "at least", ""},
                       results, cases.two_threads,
                       [](const RegionCase &entry, const Result &result, int &missed_here) {
                         const double share = result.values.at("share");
                         const bool met = !has_limits(entry.tier) || share >= least_region_share;
                         if (!met) ++missed_here;
                         return Cells{ratio(result.values.at("speedup")),
                                      ratio(result.values.at("speedup_write")),
                                      ratio(share),
                                      ratio(goal_region_share),
                                      ratio(least_region_share),
                                      !met                         ? "MISSED"
                                      : share >= goal_region_share ? "goal"
                                                                   : "within"};
                       });
  return missed;
}

}  // namespace spp_bench
