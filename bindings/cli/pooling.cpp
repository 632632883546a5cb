#include "pooling.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "failure.hpp"

Pooling make_pooling(const PoolingChoice &choice) {
  spp_options options = {};
  options.struct_size = sizeof options;
  options.levels = choice.levels.data();
  options.level_count = static_cast<int64_t>(choice.levels.size());
  options.bin_rule = choice.bin_rule;
  options.order = choice.order;
  options.element_type = choice.element_type;
  options.layout = choice.layout;
  options.nan_policy = choice.nan_policy;
  options.empty_policy = choice.empty_policy;
  options.tier = choice.tier;
  options.thread_limit = choice.thread_limit;
  spp_pooling *pooling = nullptr;
  require(spp_pooling_create(&options, &pooling));
  return Pooling(pooling);
}

void require(spp_status status) {
  if (status != SPP_OK) throw Failure(spp_last_error());
}

namespace {

// Takes a number off the front of `text`; false if there is none that an int32_t holds.
bool take_number(std::string_view &text, int32_t &number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return error == std::errc();
}

spp_level parse_level(std::string_view text) {
  spp_level level = {};
  std::string_view rest = text;
  bool valid = take_number(rest, level.rows);
  level.columns = level.rows;
  if (valid && !rest.empty() && rest.front() == 'x') {
    rest.remove_prefix(1);
    valid = take_number(rest, level.columns);
  }
  if (!valid || !rest.empty()) {
    throw Failure(fmt::format("'{}' is not a level; n or RxS is, as in 1,2,4 or 1,2x3", text));
  }
  return level;
}

}  // namespace

std::vector<spp_level> parse_levels(const std::string &text) {
  std::vector<spp_level> levels;
  std::string_view rest = text;
  while (true) {
    const size_t comma = rest.find(',');
    levels.push_back(parse_level(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return levels;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<NamedValue> tiers() {
  std::vector<NamedValue> named;
  for (int32_t tier = SPP_TIER_AUTO; spp_tier_name(tier) != nullptr; ++tier) {
    named.push_back({spp_tier_name(tier), tier});
  }
  return named;
}
