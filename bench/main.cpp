// spp_bench: how close the kernel comes to reading the maps once and writing the rows once.
//
//   spp_bench                                   the tiers that have limits, three minutes
//   spp_bench --full                            all tiers and longer rounds, for figures to keep
//   spp_bench --benchmark_filter='1x20x20x512/1,2,4/rounded/avx'      some cases
//   spp_bench --benchmark_out=ratios.json       the same figures for programs
//
// Names: pool/<shape>/<levels>/<rule>/<tier>, types/<shape>/<type>/<tier>,
// argmax/<shape>/<tier>, backward/<shape>/<positions>/<tier>, two_threads/<shape>/<tier> and
// regions, few_regions, two_threads_regions with /<windows>/<count>/<levels>/<rule>/<tier>.  Tables go
// to stdout, in Markdown; progress goes to stderr.  The exit status is 1 if a limit is missed or a
// case failed.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "report.hpp"
#include "timing.hpp"

namespace {

void print_notes() {
  fmt::print(
      "ratio: kernel time / RW time, both the least of the same rounds; median: of the rounds' own "
      "ratios.\n"
      "RW: reads every input byte once and writes every output byte once, the fastest of all "
      "variants.\n"
      "offset: what an input aligned to 16 bytes only adds to the ratio; OFFSET if more than "
      "{:.2f}.\n"
      "GB/s count bytes read and bytes written: of the kernel, of RW, of reading alone, and of "
      "memcpy of the input.\n"
      "write: writes every byte of the result once, with data that varies, the fastest of all "
      "loops.\n"
      "P: windows with log-uniform sides from 1.5 to 37.5 cells; U: uniform sides from 3; boxes: "
      "as P, for roi_pool.\n"
      "busy core: two threads' time / one thread's while another thread spins on the second CPU; "
      "idle core: after a pause.\n",
      spp_bench::offset_allowance);
}

}  // namespace

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv, [] {
    benchmark::PrintDefaultHelp();
    fmt::print("\n[--full] [--cpu=<number>]\n");
  });
  const std::vector<int> &cpus = spp_bench::allowed_cpus();
  CLI::App app("Ratio of the kernel's time to the roof's");
  bool full = false;
  int cpu = cpus.back();
  app.add_flag("--full", full, "All tiers, longer rounds");
  app.add_option("--cpu", cpu, "CPU of the single thread; default: the last one")
      ->check(CLI::IsMember(cpus));
  CLI11_PARSE(app, argc, argv);

  // The second CPU is the nearest other one.
  const auto other = std::find_if(cpus.rbegin(), cpus.rend(), [&](int c) { return c != cpu; });
  const spp_bench::Settings settings{cpu, other == cpus.rend() ? cpu : *other, full};
  const auto one_thread = spp_bench::register_one_thread(settings);
  const auto types = spp_bench::register_types(settings);
  const auto argmax = spp_bench::register_argmax(settings);
  const auto backward = spp_bench::register_backward(settings);
  const auto regions = spp_bench::register_regions(settings);
  const auto two_threads = spp_bench::register_two_threads(settings);

  spp_bench::Collector results;
  spp_bench::print_machine(settings);
  benchmark::RunSpecifiedBenchmarks(&results);
  const int missed =
      spp_bench::print_one_thread(results, one_thread) + spp_bench::print_types(results, types) +
      spp_bench::print_argmax(results, argmax) + spp_bench::print_backward(results, backward) +
      spp_bench::print_regions(results, regions) +
      spp_bench::print_two_threads(results, two_threads);
  print_notes();
  fmt::print("Limits missed: {}\n", missed);
  benchmark::Shutdown();
  return missed == 0 ? 0 : 1;
}
