// The tables, in Markdown, from what Google Benchmark reports.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>

#include "register.hpp"

namespace spp_bench {

// Collects the runs; shows the progress on stderr, because the tables go to stdout.
class Collector : public benchmark::BenchmarkReporter {
 public:
  struct Result {
    std::map<std::string, double> values;
    std::string error;
  };

  bool ReportContext(const Context &context) override;
  void ReportRuns(const std::vector<Run> &runs) override;

  // Null if the case was filtered out.
  const Result *find(const std::string &name) const;

 private:
  std::map<std::string, Result> results_;
};

// Each returns how many limits are missed or cases failed.
void print_machine(const Settings &settings);
int print_one_thread(const Collector &results, const std::vector<OneThreadCase> &cases);
int print_types(const Collector &results, const std::vector<TypeCase> &cases);
int print_argmax(const Collector &results, const std::vector<ArgmaxCase> &cases);
int print_backward(const Collector &results, const std::vector<BackwardCase> &cases);
int print_regions(const Collector &results, const RegionCases &cases);
int print_two_threads(const Collector &results, const std::vector<TwoThreadCase> &cases);

}  // namespace spp_bench
