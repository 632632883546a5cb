// One backward call described by data, and the comparison with the oracle.
#ifndef SPP_TESTS_SUPPORT_GRADIENT_SCENARIO_HPP
#define SPP_TESTS_SUPPORT_GRADIENT_SCENARIO_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "support/positions.hpp"
#include "support/scenario.hpp"

struct GradientMap {
  std::int64_t height, width;
  std::optional<Strides> strides;                  // none: NULL
  std::int64_t valid_height = 0, valid_width = 0;  // 0: all
};

struct GradientScenario {
  Recipe recipe;
  std::int64_t channels = 1;
  // A batch if `ragged` is not set; then all maps are of the first one's size and strides.
  std::vector<GradientMap> maps;
  bool ragged = false;
  // Of which each has a row, if `by_regions` is set; else each map has one.
  bool by_regions = false;
  std::vector<spp_region> regions = {};
  std::int32_t index_type = SPP_INDEX_I64;
  Origin origin = Origin::winners;
  std::vector<PositionEdit> edits = {};  // of what the origin gives
  Paint paint = Paint::numbers;
  Placement placement = Placement::flush_end;  // of the rows; the maps' is the next one
  std::int64_t gradient_gap = 0;
  std::int64_t argmax_gap = 0;
  // Makes the call, which it is given, under circumstances of its own; empty: just makes it.
  std::function<spp_status(const std::function<spp_status()> &)> around = {};
};

// Succeeds if the call on this tier gives the oracle's bits and leaves everything else untouched.
testing::AssertionResult agrees(std::int32_t tier, const GradientScenario &scenario,
                                const spp_execution *execution = nullptr);

#endif
