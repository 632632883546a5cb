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

// Section 2, for one bin and one channel.
inline Value maximum(const Map &map, Span rows, Span columns, std::int64_t channel,
                     const Rules &rules) {
  if (rows.begin >= rows.end || columns.begin >= columns.end) return rules.empty;
  Value best = lowest(map.type);
  std::int64_t best_rank = rank(map.type, best);
  bool some_nan = false;
  bool all_nan = true;
  for (std::int64_t y = rows.begin; y < rows.end; ++y) {
    for (std::int64_t x = columns.begin; x < columns.end; ++x) {
      const std::int64_t place = y * map.row + x * map.column + channel * map.channel;
      const Value value = value_at(map.data, map.type, place);
      const bool nan = is_nan(map.type, value);
      some_nan |= nan;
      all_nan &= nan;
      if (!nan && rank(map.type, value) > best_rank) {
        best = value;
        best_rank = rank(map.type, value);
      }
    }
  }
  if (rules.skip_nan ? all_nan : some_nan) return canonical_nan(map.type);
  return best_rank == 0 ? 0 : best;
}

// Section 3, likewise.
inline std::int64_t position(const Map &map, Span rows, Span columns, std::int64_t channel,
                             const Rules &rules) {
  std::int64_t found = -1;
  std::int64_t best_rank = 0;
  for (std::int64_t y = rows.begin; y < rows.end; ++y) {
    for (std::int64_t x = columns.begin; x < columns.end; ++x) {
      const std::int64_t place = y * map.row + x * map.column + channel * map.channel;
      const Value value = value_at(map.data, map.type, place);
      if (is_nan(map.type, value)) {
        if (rules.skip_nan) continue;
        return y * map.whole_width + x;
      }
      if (found == -1 || rank(map.type, value) > best_rank) {
        found = y * map.whole_width + x;
        best_rank = rank(map.type, value);
      }
    }
  }
  return found;
}

// Section 5: one output row, of the numbers that `number` gives for a bin and a channel.
template <typename Result, typename Number>
std::vector<Result> row_of(const Map &map, const std::vector<Level> &levels, const Rules &rules,
                           Number &&number) {
  std::vector<Result> row;
  for (const Level &level : levels) {
    const std::int64_t bins = level.rows * level.columns;
    const std::size_t start = row.size();
    row.resize(start + static_cast<std::size_t>(bins * map.channels));
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      const Span rows = bin_span(rules.adaptive, map.height, level.rows, bin / level.columns);
      const Span columns = bin_span(rules.adaptive, map.width, level.columns, bin % level.columns);
      for (std::int64_t c = 0; c < map.channels; ++c) {
        const std::int64_t place = rules.channels_first ? c * bins + bin : bin * map.channels + c;
        row[start + static_cast<std::size_t>(place)] = number(map, rows, columns, c, rules);
      }
    }
  }
  return row;
}

inline std::vector<Value> pool(const Map &map, const std::vector<Level> &levels,
                               const Rules &rules) {
  return row_of<Value>(map, levels, rules, maximum);
}

inline std::vector<std::int64_t> argmax(const Map &map, const std::vector<Level> &levels,
                                        const Rules &rules) {
  return row_of<std::int64_t>(map, levels, rules, position);
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
