#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <vector>

#include "cases.hpp"
#include "region_rows.hpp"

namespace spp_bench {

// Rounds of a case even if they take longer than its seconds.
constexpr std::size_t least_rounds = 7;

struct Settings {
  int cpu;         // for one thread
  int second_cpu;  // beside it for two; the same where there is only one
  bool full;       // tiers without limits too, and longer rounds

  double seconds() const { return full ? 1.5 : 0.25; }  // of each case's rounds
};

// One line of the ratio table; `row` is null for the smallest call.
struct OneThreadCase {
  const Row *row;
  const Pyramid *pyramid;
  std::int32_t tier;
  std::string name;
};

struct TwoThreadCase {
  Shape shape;
  std::int32_t tier;
  std::string name;
};

// One line of the table of element types; the first type's are what the others are compared with.
struct TypeCase {
  const Shape *shape;
  const ElementType *type;
  std::int32_t tier;
  std::string name;
};

// Calls with the positions of the maxima.
struct ArgmaxCase {
  Shape shape;
  std::int32_t tier;
  std::string name;
};

// One line of the table of gradients.
struct BackwardCase {
  const BackwardRow *row;
  std::int32_t tier;
  std::int32_t index_type;  // SPP_INDEX_*
  std::string name;
};

// One line of the tables of regions.
struct RegionCase {
  const RegionRow *row;
  std::int32_t tier;
  std::string name;
};
struct RegionCases {
  std::vector<RegionCase> many, few, two_threads;
};

// The tiers that are measured.
std::vector<std::int32_t> tiers_of(const Settings &settings);

// Registers one case, which times itself and is run once; what it throws makes it a failed one.
void register_case(const std::string &name, const std::function<void(benchmark::State &)> &measure);

// All register their cases with Google Benchmark and return them in the order of the table.
std::vector<OneThreadCase> register_one_thread(const Settings &settings);
std::vector<TypeCase> register_types(const Settings &settings);
std::vector<ArgmaxCase> register_argmax(const Settings &settings);
std::vector<TwoThreadCase> register_two_threads(const Settings &settings);
std::vector<BackwardCase> register_backward(const Settings &settings);
RegionCases register_regions(const Settings &settings);

}  // namespace spp_bench
