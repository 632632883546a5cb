// The rules of docs/values.md written a second time, plainly and slowly, for the tests to compare
// with.  It shares nothing with the library, not even its header: values are bit patterns, so that
// no floating-point environment and no compiler flag can change what a NaN or a subnormal is.
#ifndef SPP_TESTS_ORACLE_HPP
#define SPP_TESTS_ORACLE_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace oracle {

struct Span {
  std::int64_t begin, end;
};

struct Level {
  std::int64_t rows, columns;
};

// An element type.  A value is its bits, in the lower bytes of a Value.
using Value = std::uint64_t;
enum class Kind { floating, signed_integer, unsigned_integer };
struct Type {
  Kind kind;
  int bytes;
  int fraction_bits;  // floating: those behind the leading 1
};
constexpr Type float32 = {Kind::floating, 4, 23};

constexpr Value sign_bit(Type type) { return Value{1} << (8 * type.bytes - 1); }
constexpr Value infinity(Type type) {
  return sign_bit(type) - (Value{1} << type.fraction_bits);  // all bits of the exponent
}
constexpr bool is_nan(Type type, Value value) {
  return type.kind == Kind::floating && (value & ~sign_bit(type)) > infinity(type);
}
// The quiet NaN without sign and payload.
constexpr Value canonical_nan(Type type) {
  return infinity(type) | (Value{1} << (type.fraction_bits - 1));
}
constexpr Value lowest(Type type) {
  if (type.kind == Kind::floating) return sign_bit(type) | infinity(type);
  return type.kind == Kind::signed_integer ? sign_bit(type) : 0;
}

// Numbers ascend with their ranks; both zeros have rank 0.  Floating-point formats of IEEE 754 are
// made so: without the sign, the bits ascend with the number.
constexpr std::int64_t rank(Type type, Value value) {
  const auto without_sign = static_cast<std::int64_t>(value & ~sign_bit(type));
  if ((value & sign_bit(type)) == 0) return without_sign;
  switch (type.kind) {
    case Kind::floating:
      return -without_sign;
    case Kind::signed_integer:
      return without_sign - static_cast<std::int64_t>(sign_bit(type));
    default:
      return static_cast<std::int64_t>(value);
  }
}

struct Map {
  const void *data;
  std::int64_t height, width, channels;
  std::int64_t row, column, channel;  // strides, in elements
  Type type = float32;
  std::int64_t whole_width = width;  // of which `width` columns are valid
};

inline Value value_at(const void *data, Type type, std::int64_t index) {
  const auto read = [&](auto word) {
    std::memcpy(&word, static_cast<const char *>(data) + index * type.bytes, sizeof word);
    return static_cast<Value>(word);
  };
  switch (type.bytes) {
    case 1:
      return read(std::uint8_t{});
    case 2:
      return read(std::uint16_t{});
    case 4:
      return read(std::uint32_t{});
    default:
      return read(std::uint64_t{});
  }
}

struct Rules {
  bool adaptive;        // bin edges: adaptive, else rounded
  bool channels_first;  // order of a level's numbers: channel, bin, else bin, channel
  bool skip_nan;        // NaN is ignored, else it spreads
  Value empty;          // what a bin without cells gives
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

// Calls `function` with the type as a constant: the loops over cells are most of the tests' time.
template <Kind kind, int bytes, int fraction_bits>
struct Constant {
  static constexpr Type type = {kind, bytes, fraction_bits};
};
template <typename Function>
auto with_constant(Type type, Function &&function) {
  if (type.kind == Kind::floating) {
    if (type.bytes == 8) return function(Constant<Kind::floating, 8, 52>());
    if (type.bytes == 4) return function(Constant<Kind::floating, 4, 23>());
    if (type.fraction_bits == 10) return function(Constant<Kind::floating, 2, 10>());
    return function(Constant<Kind::floating, 2, 7>());
  }
  if (type.kind == Kind::unsigned_integer) {
    if (type.bytes == 1) return function(Constant<Kind::unsigned_integer, 1, 0>());
    return function(Constant<Kind::unsigned_integer, 2, 0>());
  }
  if (type.bytes == 1) return function(Constant<Kind::signed_integer, 1, 0>());
  if (type.bytes == 2) return function(Constant<Kind::signed_integer, 2, 0>());
  return function(Constant<Kind::signed_integer, 4, 0>());
}

// Calls `visit` with the value, the cell and the channel of each element of a bin, cell by cell.
template <typename Visit>
void for_each_element(const Map &map, Type type, Span rows, Span columns, Visit &&visit) {
  for (std::int64_t y = rows.begin; y < rows.end; ++y) {
    for (std::int64_t x = columns.begin; x < columns.end; ++x) {
      for (std::int64_t c = 0; c < map.channels; ++c) {
        const std::int64_t place = y * map.row + x * map.column + c * map.channel;
        visit(value_at(map.data, type, place), y * map.whole_width + x,
              static_cast<std::size_t>(c));
      }
    }
  }
}

// Section 2, for one bin: a number for each channel.
inline std::vector<Value> maxima(const Map &map, Span rows, Span columns, const Rules &rules) {
  const auto channels = static_cast<std::size_t>(map.channels);
  if (rows.begin >= rows.end || columns.begin >= columns.end) {
    return std::vector<Value>(channels, rules.empty);
  }
  return with_constant(map.type, [&](auto constant) {
    constexpr Type type = decltype(constant)::type;
    std::vector<Value> best(channels, lowest(type));
    std::vector<char> some_nan(channels), some_number(channels);
    for_each_element(map, type, rows, columns, [&](Value value, std::int64_t, std::size_t c) {
      if (is_nan(type, value)) {
        some_nan[c] = 1;
      } else {
        some_number[c] = 1;
        if (rank(type, value) > rank(type, best[c])) best[c] = value;
      }
    });
    for (std::size_t c = 0; c < channels; ++c) {
      if (rank(type, best[c]) == 0) best[c] = 0;
      if (rules.skip_nan ? !some_number[c] : some_nan[c]) best[c] = canonical_nan(type);
    }
    return best;
  });
}

// Section 3, likewise.
inline std::vector<std::int64_t> positions(const Map &map, Span rows, Span columns,
                                           const Rules &rules) {
  const auto channels = static_cast<std::size_t>(map.channels);
  return with_constant(map.type, [&](auto constant) {
    constexpr Type type = decltype(constant)::type;
    std::vector<std::int64_t> found(channels, -1);
    std::vector<Value> best(channels);
    std::vector<char> decided(channels);  // by a NaN
    for_each_element(map, type, rows, columns, [&](Value value, std::int64_t cell, std::size_t c) {
      const bool nan = is_nan(type, value);
      if (decided[c] || (nan && rules.skip_nan)) return;
      if (nan || found[c] == -1 || rank(type, value) > rank(type, best[c])) {
        found[c] = cell;
        best[c] = value;
        decided[c] = nan;
      }
    });
    return found;
  });
}

// Section 5: one output row, of the numbers that `numbers` gives for the channels of a bin, whose
// cells `span` gives for a level's rows and columns.
template <typename Result, typename Spans, typename Numbers>
std::vector<Result> row_of_bins(const Map &map, const std::vector<Level> &levels,
                                const Rules &rules, Spans &&spans, Numbers &&numbers) {
  std::vector<Result> row;
  for (const Level &level : levels) {
    const std::int64_t bins = level.rows * level.columns;
    const std::size_t start = row.size();
    row.resize(start + static_cast<std::size_t>(bins * map.channels));
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      const auto [rows, columns] = spans(level, bin / level.columns, bin % level.columns);
      const std::vector<Result> of_bin = numbers(map, rows, columns, rules);
      for (std::int64_t c = 0; c < map.channels; ++c) {
        const std::int64_t place = rules.channels_first ? c * bins + bin : bin * map.channels + c;
        row[start + static_cast<std::size_t>(place)] = of_bin[static_cast<std::size_t>(c)];
      }
    }
  }
  return row;
}

template <typename Result, typename Numbers>
std::vector<Result> row_of(const Map &map, const std::vector<Level> &levels, const Rules &rules,
                           Numbers &&numbers) {
  const auto spans = [&](Level level, std::int64_t row, std::int64_t column) {
    return std::pair(bin_span(rules.adaptive, map.height, level.rows, row),
                     bin_span(rules.adaptive, map.width, level.columns, column));
  };
  return row_of_bins<Result>(map, levels, rules, spans, numbers);
}

inline std::vector<Value> pool(const Map &map, const std::vector<Level> &levels,
                               const Rules &rules) {
  return row_of<Value>(map, levels, rules, maxima);
}

inline std::vector<std::int64_t> argmax(const Map &map, const std::vector<Level> &levels,
                                        const Rules &rules) {
  return row_of<std::int64_t>(map, levels, rules, positions);
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
