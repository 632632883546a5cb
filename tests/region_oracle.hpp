// Regions (docs/values.md, section 7) written a second time, for the tests to compare with.  Like
// oracle.hpp it shares nothing with the library.
#ifndef SPP_TESTS_REGION_ORACLE_HPP
#define SPP_TESTS_REGION_ORACLE_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "oracle.hpp"

namespace oracle {

struct Window {
  std::int64_t y, x, height, width;
};

enum class RegionRule { rounded, adaptive, roi };

// Cells of the map, along one axis of `length` cells, for a window of `size` cells from `first` on.
inline Span region_span(RegionRule rule, std::int64_t first, std::int64_t size, std::int64_t length,
                        std::int64_t bins, std::int64_t bin) {
  if (rule != RegionRule::roi) {
    const Span span = bin_span(rule == RegionRule::adaptive, size, bins, bin);
    return {first + span.begin, first + span.end};
  }
  const volatile float step = static_cast<float>(size) / static_cast<float>(bins);
  const volatile float begin = static_cast<float>(bin) * step;
  const volatile float end = static_cast<float>(bin + 1) * step;
  const auto cut = [first, length](double edge) {
    return std::clamp<std::int64_t>(first + static_cast<std::int64_t>(edge), 0, length);
  };
  return {cut(std::floor(static_cast<double>(begin))), cut(std::ceil(static_cast<double>(end)))};
}

// One output row, of the numbers that `numbers` gives for the channels of a bin of the map.
template <typename Result, typename Numbers>
std::vector<Result> region_row(const Map &map, const Window &window, RegionRule rule,
                               const std::vector<Level> &levels, const Rules &rules,
                               Numbers &&numbers) {
  const auto spans = [&](Level level, std::int64_t row, std::int64_t column) {
    return std::pair(region_span(rule, window.y, window.height, map.height, level.rows, row),
                     region_span(rule, window.x, window.width, map.width, level.columns, column));
  };
  return row_of_bins<Result>(map, levels, rules, spans, numbers);
}

}  // namespace oracle

#endif
