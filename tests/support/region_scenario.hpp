// Calls that pool regions, described by data, and their comparison with the oracle.
#ifndef SPP_TESTS_SUPPORT_REGION_SCENARIO_HPP
#define SPP_TESTS_SUPPORT_REGION_SCENARIO_HPP

#include <functional>
#include <vector>

#include "support/scenario.hpp"

struct RegionScenario {
  Scenario maps;  // a batch, whose `output_gap` lies between the regions' rows
  std::vector<spp_region> regions;
  bool ragged = false;  // hand the same maps over as a list
  // Makes the call, which it is given, under circumstances of its own; empty: just makes it.
  std::function<spp_status(const std::function<spp_status()> &)> around = {};
};

// Succeeds if the call gives the oracle's bits, leaves everything else untouched and reports this
// tier.  The empty policy is not SPP_EMPTY_ERROR, unless no bin is empty.
testing::AssertionResult agrees(std::int32_t tier, const RegionScenario &scenario,
                                const spp_execution *execution = nullptr);

// Succeeds if the call is refused with SPP_ERROR_INVALID_ARGUMENT and writes nothing.
testing::AssertionResult refuses(std::int32_t tier, const RegionScenario &scenario);

// `count` windows of `maps`: corners, edges, single cells, and others without order.  With `roi`
// windows that leave their map, too.
std::vector<spp_region> some_regions(const Scenario &maps, std::int64_t count, bool roi,
                                     std::uint32_t seed);

#endif
