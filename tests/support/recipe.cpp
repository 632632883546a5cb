#include "support/recipe.hpp"

#include <sstream>

#include "support/elements.hpp"
#include "support/pooling.hpp"

spp_options options_of(const Recipe &recipe, std::int32_t tier) {
  spp_options options = options_for(recipe.levels);
  options.bin_rule = recipe.bin_rule;
  options.order = recipe.order;
  options.nan_policy = recipe.nan_policy;
  options.empty_policy = recipe.empty_policy;
  options.element_type = recipe.element_type;
  options.layout = recipe.layout;
  options.tier = tier;
  return options;
}

oracle::Type type_of(const Recipe &recipe) { return element_of(recipe.element_type).type; }

std::vector<oracle::Level> levels_of(const Recipe &recipe) {
  std::vector<oracle::Level> levels;
  for (const spp_level &level : recipe.levels) levels.push_back({level.rows, level.columns});
  return levels;
}

oracle::Rules rules_of(const Recipe &recipe) {
  const bool zero = recipe.empty_policy == SPP_EMPTY_ZERO || recipe.bin_rule == SPP_BINS_ROI;
  return {recipe.bin_rule == SPP_BINS_ADAPTIVE, recipe.order == SPP_ORDER_CHANNELS_BINS,
          recipe.nan_policy == SPP_NAN_IGNORE, zero ? 0 : oracle::lowest(type_of(recipe))};
}

std::int64_t bin_count(const std::vector<spp_level> &levels) {
  std::int64_t bins = 0;
  for (const spp_level &level : levels) bins += std::int64_t{level.rows} * level.columns;
  return bins;
}

std::int64_t empty_bins(const Recipe &recipe, std::int64_t height, std::int64_t width) {
  std::int64_t empty = 0;
  for (const oracle::Level &level : levels_of(recipe))
    empty += oracle::empty_bins(recipe.bin_rule == SPP_BINS_ADAPTIVE, height, width, level);
  return empty;
}

std::string describe(const Recipe &recipe) {
  std::ostringstream text;
  text << element_of(recipe.element_type).name << ' ';
  for (const spp_level &level : recipe.levels) text << level.rows << 'x' << level.columns << ' ';
  text << (recipe.layout == SPP_LAYOUT_NCHW ? "NCHW" : "NHWC") << ", bin rule " << recipe.bin_rule
       << ", order " << recipe.order << ", NaN policy " << recipe.nan_policy << ", empty policy "
       << recipe.empty_policy;
  return text.str();
}
