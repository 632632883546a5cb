// One backward call described by data, and the comparison with the oracle.
#ifndef SPP_TESTS_SUPPORT_GRADIENT_SCENARIO_HPP
#define SPP_TESTS_SUPPORT_GRADIENT_SCENARIO_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "support/scenario.hpp"

// Where the positions of the rows come from.
enum class Origin {
  winners,         // of the bins, as in a forward call
  stray_winners,   // the same, but for few of them that are anywhere or missing
  one_stray,       // the same, but for a single one
  anywhere,        // any valid positions
  few_cells,       // the same few positions in all bins
  one_cell,        // one position for all
  none,            // -1 for all
};
constexpr int origin_count = 7;

struct GradientMap {
  std::int64_t height, width;
  std::optional<Strides> strides;  // none: NULL
  std::int64_t valid_height = 0, valid_width = 0;  // 0: all
};

struct GradientScenario {
  Recipe recipe;
  std::int64_t channels = 1;
  // A batch if `ragged` is not set; then all maps are of the first one's size and strides.
  std::vector<GradientMap> maps;
  bool ragged = false;
  std::int32_t index_type = SPP_INDEX_I64;
  Origin origin = Origin::winners;
  Paint paint = Paint::numbers;
  Placement placement = Placement::flush_end;  // of the rows; the maps' is the next one
  std::int64_t gradient_gap = 0;
  std::int64_t argmax_gap = 0;
};

// Succeeds if the call on this tier gives the oracle's bits and leaves everything else untouched.
testing::AssertionResult agrees(std::int32_t tier, const GradientScenario &scenario,
                                const spp_execution *execution = nullptr);

#endif
