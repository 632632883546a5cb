#include "report.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <optional>

#include "table.hpp"
#include "timing.hpp"

namespace spp_bench {
namespace {

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown CPU";
}

// Which CPU it is where the name does not say (virtual machines): family and model number.
std::string cpu_numbers() {
  std::ifstream file("/proc/cpuinfo");
  std::string family, model;
  for (std::string line; std::getline(file, line) && (family.empty() || model.empty());) {
    const auto colon = line.find(": ");
    if (line.rfind("cpu family", 0) == 0) family = line.substr(colon + 2);
    if (line.rfind("model\t", 0) == 0) model = line.substr(colon + 2);
  }
  return family.empty() ? "" : fmt::format(" (family {}, model {})", family, model);
}

Cells one_thread_cells(const OneThreadCase &entry, const Collector::Result &result, int &missed) {
  if (!result.error.empty()) {
    ++missed;
    return {entry.row->shape.name(),
            spp_tier_name(entry.tier),
            result.error,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "FAILED"};
  }
  const auto value = [&](const char *name) { return result.values.at(name); };
  const double offset_cost = value("ratio_rw_offset") - value("ratio_rw");
  const auto goal_of = goal(*entry.row, *entry.pyramid, entry.tier);
  const auto at_most_of = at_most(*entry.row, *entry.pyramid, entry.tier);
  return {entry.row->shape.name(),
          spp_tier_name(entry.tier),
          ratio(value("ratio_rw")),
          ratio(value("ratio_rw_median")),
          ratio(goal_of),
          ratio(at_most_of),
          fmt::format("{:+.2f}", offset_cost),
          gigabytes(value("kernel_GBps")),
          gigabytes(value("rw_GBps")),
          gigabytes(value("read_GBps")),
          gigabytes(value("memcpy_GBps")),
          verdict(value("ratio_rw"), goal_of, at_most_of, offset_cost, missed)};
}

int print_smallest(const Collector &results, const std::vector<OneThreadCase> &cases) {
  const Call &call = smallest_call();
  int missed = 0;
  std::vector<Cells> table = {{call.shape.name(), "ns", "goal", "at most", ""}};
  for (const OneThreadCase &entry : cases) {
    const Collector::Result *result = entry.row == nullptr ? results.find(entry.name) : nullptr;
    if (result == nullptr) continue;
    if (!result->error.empty()) {
      table.push_back({spp_tier_name(entry.tier), result->error, "", "", "FAILED"});
      ++missed;
      continue;
    }
    const double ns = result->values.at("kernel_ns");
    const bool asked = has_limits(entry.tier);
    const auto goal_ns = asked ? std::optional(call.goal_ns) : std::nullopt;
    const auto at_most_ns = asked ? std::optional(call.at_most_ns) : std::nullopt;
    table.push_back({spp_tier_name(entry.tier), fmt::format("{:.0f}", ns), whole(goal_ns),
                     whole(at_most_ns), verdict(ns, goal_ns, at_most_ns, 0, missed)});
  }
  if (table.size() > 1) {
    fmt::print("### A whole call of the C ABI, [1,2,4] rounded\n\n");
    print_table(table);
  }
  return missed;
}

}  // namespace

bool Collector::ReportContext(const Context &) { return true; }

void Collector::ReportRuns(const std::vector<Run> &runs) {
  for (const Run &run : runs) {
    Result &result = results_[run.run_name.function_name];
    if (run.error_occurred) result.error = run.error_message;
    for (const auto &[name, counter] : run.counters) result.values[name] = counter.value;
    std::string line = run.run_name.function_name + ' ' + result.error;
    for (const char *name : {"ratio_rw", "ratio_i64", "ratio_write", "speedup_share"}) {
      const auto found = result.values.find(name);
      if (found != result.values.end()) line += fmt::format(" {} {:.3f}", name, found->second);
    }
    fmt::print(stderr, "{}  [{}]\n", line, run.report_label);
  }
}

const Collector::Result *Collector::find(const std::string &name) const {
  const auto found = results_.find(name);
  return found == results_.end() ? nullptr : &found->second;
}

void print_machine(const Settings &settings) {
  double load = 0;
  std::ifstream("/proc/loadavg") >> load;
  fmt::print("CPU: {}{}; compiler: {}; spp {}; one thread on CPU {}, {} in all; load {:.1f}.\n\n",
             cpu_name(), cpu_numbers(), __VERSION__, spp_version(), settings.cpu,
             allowed_cpus().size(), load);
}

int print_one_thread(const Collector &results, const std::vector<OneThreadCase> &cases) {
  int missed = 0;
  for (const Pyramid &pyramid : pyramids()) {
    std::vector<Cells> table = {{"shape", "tier", "ratio", "median", "goal", "at most", "offset",
                                 "GB/s", "RW", "read", "memcpy", ""}};
    for (const OneThreadCase &entry : cases) {
      if (entry.row == nullptr || entry.pyramid != &pyramid) continue;
      const Collector::Result *result = results.find(entry.name);
      if (result != nullptr) table.push_back(one_thread_cells(entry, *result, missed));
    }
    if (table.size() == 1) continue;
    fmt::print("### [{}] {}, one thread\n\n", pyramid.levels, pyramid.rule());
    print_table(table);
  }
  return missed + print_smallest(results, cases);
}

int print_types(const Collector &results, const std::vector<TypeCase> &cases) {
  int missed = 0;
  std::vector<Cells> table = {
      {"shape (NHWC)", "type", "tier", "ratio", "f32's", "goal", "at most", "GB/s", "RW", ""}};
  for (const TypeCase &entry : cases) {
    const Collector::Result *result = results.find(entry.name);
    if (result == nullptr) continue;
    Cells cells = {entry.type->of_same_bytes(*entry.shape).name(), entry.type->name,
                   spp_tier_name(entry.tier)};
    if (!result->error.empty()) {
      cells.insert(cells.end(), {result->error, "", "", "", "", "", "FAILED"});
      table.push_back(cells);
      ++missed;
      continue;
    }
    const double value = result->values.at("ratio_rw");
    std::optional<double> of_float;
    for (const TypeCase &other : cases) {
      if (other.type->id != SPP_F32 || other.shape != entry.shape || other.tier != entry.tier)
        continue;
      const Collector::Result *found = results.find(other.name);
      if (found != nullptr && found->error.empty()) of_float = found->values.at("ratio_rw");
    }
    std::optional<double> limit;
    if (has_limits(entry.tier) && entry.type->id != SPP_F32) {
      const std::optional<AtMost> own = own_limits(*entry.type);
      if (own) limit = entry.tier == SPP_TIER_AVX512 ? own->avx512 : own->avx2;
      if (!own && of_float) limit = *of_float + type_allowance;
    }
    const std::optional<double> goal_of = type_goal(*entry.type, entry.tier);
    cells.insert(cells.end(), {ratio(value), ratio(of_float), ratio(goal_of), ratio(limit),
                               gigabytes(result->values.at("kernel_GBps")),
                               gigabytes(result->values.at("rw_GBps")),
                               verdict(value, goal_of, limit, 0, missed)});
    table.push_back(cells);
  }
  if (table.size() == 1) return 0;
  fmt::print("### Element types at the same bytes per pixel, [1,2,4] rounded, one thread\n\n");
  print_table(table);
  return missed;
}

int print_backward(const Collector &results, const std::vector<BackwardCase> &cases) {
  int missed = 0;
  std::vector<Cells> table = {
      {"shape (NHWC)", "positions", "tier", "ratio", "goal", "at most", "GB/s", "write", ""}};
  for (const BackwardCase &entry : cases) {
    const Collector::Result *result = results.find(entry.name);
    if (result == nullptr) continue;
    Cells cells = {entry.row->shape.name(), entry.index_type == SPP_INDEX_I32 ? "int32" : "int64",
                   spp_tier_name(entry.tier)};
    if (!result->error.empty()) {
      cells.insert(cells.end(), {result->error, "", "", "", "", "FAILED"});
      table.push_back(cells);
      ++missed;
      continue;
    }
    const bool asked = has_limits(entry.tier);
    const auto goal_of = asked ? std::optional(entry.row->goal) : std::nullopt;
    const auto at_most_of = asked ? std::optional(entry.row->at_most) : std::nullopt;
    const double value = result->values.at("ratio_write");
    cells.insert(cells.end(), {ratio(value), ratio(goal_of), ratio(at_most_of),
                               gigabytes(result->values.at("call_GBps")),
                               gigabytes(result->values.at("write_GBps")),
                               verdict(value, goal_of, at_most_of, 0, missed)});
    table.push_back(cells);
  }
  if (table.size() == 1) return 0;
  fmt::print("### Gradients of float, [1,2,4] rounded, one thread\n\n");
  print_table(table);
  return missed;
}

int print_two_threads(const Collector &results, const std::vector<TwoThreadCase> &cases) {
  int missed = 0;
  std::vector<Cells> table = {{"shape", "tier", "speed-up", "RW speed-up", "share", "at least",
                               "busy core", "busy, worst 1%", "idle core", ""}};
  for (const TwoThreadCase &entry : cases) {
    const Collector::Result *result = results.find(entry.name);
    if (result == nullptr) continue;
    if (!result->error.empty()) {
      table.push_back({entry.shape.name(), spp_tier_name(entry.tier), result->error, "", "", "", "",
                       "", "", "FAILED"});
      ++missed;
      continue;
    }
    const auto value = [&](const char *name) { return result->values.at(name); };
    const bool met = value("speedup_share") >= least_speedup_share;
    if (!met) ++missed;
    table.push_back({entry.shape.name(), spp_tier_name(entry.tier), ratio(value("speedup")),
                     ratio(value("speedup_rw")), ratio(value("speedup_share")),
                     ratio(least_speedup_share), ratio(value("busy")), ratio(value("busy_worst")),
                     ratio(value("idle")), met ? "within" : "MISSED"});
  }
  if (table.size() == 1) return 0;
  fmt::print("### [1,2,4] rounded, two threads\n\n");
  print_table(table);
  return missed;
}

}  // namespace spp_bench
