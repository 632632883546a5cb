// How to compute: the description of a handle without its tier, and what the oracle makes of it.
#ifndef SPP_TESTS_SUPPORT_RECIPE_HPP
#define SPP_TESTS_SUPPORT_RECIPE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oracle.hpp"
#include "spp.h"

struct Recipe {
  std::vector<spp_level> levels;
  std::int32_t bin_rule = SPP_BINS_ROUNDED;
  std::int32_t order = SPP_ORDER_BINS_CHANNELS;
  std::int32_t nan_policy = SPP_NAN_PROPAGATE;
  std::int32_t empty_policy = SPP_EMPTY_ERROR;
  std::int32_t element_type = SPP_F32;
  std::int32_t layout = SPP_LAYOUT_NHWC;
  std::optional<std::int32_t> index_type{};  // of positions; none: they are not asked for
};

spp_options options_of(const Recipe &recipe, std::int32_t tier);

oracle::Type type_of(const Recipe &recipe);
std::vector<oracle::Level> levels_of(const Recipe &recipe);
oracle::Rules rules_of(const Recipe &recipe);

std::int64_t bin_count(const std::vector<spp_level> &levels);

// How many bins of the pyramid have no cell.
std::int64_t empty_bins(const Recipe &recipe, std::int64_t height, std::int64_t width);

// "f32 1x1 2x2 NHWC rounded ...", for failure messages.
std::string describe(const Recipe &recipe);

#endif
