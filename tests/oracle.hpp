// The rules of docs/values.md written a second time, plainly and slowly, for the tests to compare
// with.  It shares nothing with the library, not even its header: values are bit patterns, so that
// no floating-point environment and no compiler flag can change what a NaN or a subnormal is.
#ifndef SPP_TESTS_ORACLE_HPP
#define SPP_TESTS_ORACLE_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace oracle {

struct Span {
  std::int64_t begin, end;
};

struct Level {
  std::int64_t rows, columns;
};

struct Map {
  const std::uint32_t *data;
  std::int64_t height, width, channels;
  std::int64_t row, column, channel;  // strides, in elements
};

struct Rules {
  bool adaptive;        // bin edges: adaptive, else rounded
  bool channels_first;  // order of a level's numbers: channel, bin, else bin, channel
  bool skip_nan;        // NaN is ignored, else it spreads
  std::uint32_t empty;  // what a bin without cells gives
};

// Half to even, without the rounding mode: below 2^24 the fraction is exact, above there is none.
inline std::int64_t nearest_even(float value) {
  const auto whole = static_cast<std::int64_t>(value);
  const float fraction = value - static_cast<float>(whole);
  return whole + (fraction > 0.5F || (fraction == 0.5F && whole % 2 != 0) ? 1 : 0);
}

// Section 1.  Every step of the rounded rule passes through memory as a float32: no contraction.
inline Span bin_span(bool adaptive, std::int64_t length, std::int64_t bins, std::int64_t bin) {
  if (adaptive) return {bin * length / bins, ((bin + 1) * length + bins - 1) / bins};
  const volatile float step = static_cast<float>(length) / static_cast<float>(bins);
  const volatile float first = static_cast<float>(bin) * step;
  const volatile float last = first + step;
  return {std::min(nearest_even(first), length), std::min(nearest_even(last), length)};
}

// Section 2, for one bin and one channel.
inline std::uint32_t maximum(const Map &map, Span rows, Span columns, std::int64_t channel,
                             const Rules &rules) {
  if (rows.begin >= rows.end || columns.begin >= columns.end) return rules.empty;
  std::uint32_t best = 0xff800000U;  // -inf
  float best_value;
  std::memcpy(&best_value, &best, sizeof best);
  bool some_nan = false;
  bool all_nan = true;
  for (std::int64_t y = rows.begin; y < rows.end; ++y) {
    for (std::int64_t x = columns.begin; x < columns.end; ++x) {
      const std::uint32_t bits = map.data[y * map.row + x * map.column + channel * map.channel];
      const bool nan = (bits & 0x7fffffffU) > 0x7f800000U;
      some_nan |= nan;
      all_nan &= nan;
      float value;
      std::memcpy(&value, &bits, sizeof value);
      if (!nan && value > best_value) best_value = value;
    }
  }
  if (rules.skip_nan ? all_nan : some_nan) return 0x7fc00000U;
  std::memcpy(&best, &best_value, sizeof best);
  return best == 0x80000000U ? 0U : best;
}

// Section 5: one output row.
inline std::vector<std::uint32_t> pool(const Map &map, const std::vector<Level> &levels,
                                       const Rules &rules) {
  std::vector<std::uint32_t> row;
  for (const Level &level : levels) {
    const std::int64_t bins = level.rows * level.columns;
    const std::size_t start = row.size();
    row.resize(start + static_cast<std::size_t>(bins * map.channels));
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      const Span rows = bin_span(rules.adaptive, map.height, level.rows, bin / level.columns);
      const Span columns = bin_span(rules.adaptive, map.width, level.columns, bin % level.columns);
      for (std::int64_t c = 0; c < map.channels; ++c) {
        const std::int64_t place = rules.channels_first ? c * bins + bin : bin * map.channels + c;
        row[start + static_cast<std::size_t>(place)] = maximum(map, rows, columns, c, rules);
      }
    }
  }
  return row;
}

// How many bins of a level have no cell.
inline std::int64_t empty_bins(bool adaptive, std::int64_t height, std::int64_t width,
                               Level level) {
  const auto filled = [adaptive](std::int64_t length, std::int64_t bins) {
    std::int64_t count = 0;
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      const Span span = bin_span(adaptive, length, bins, bin);
      count += span.begin < span.end ? 1 : 0;
    }
    return count;
  };
  return level.rows * level.columns - filled(height, level.rows) * filled(width, level.columns);
}

}  // namespace oracle

#endif
