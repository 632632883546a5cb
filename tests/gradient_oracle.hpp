// The gradient of docs/values.md, section 4, written a second time, for the tests to compare with.
// As in oracle.hpp, values are bit patterns and nothing of the library is used; numbers are made from
// the bits by their definition and not by moving them.
#ifndef SPP_TESTS_GRADIENT_ORACLE_HPP
#define SPP_TESTS_GRADIENT_ORACLE_HPP

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "oracle.hpp"

namespace oracle {

// The number that a value stands for.
inline double number(Type type, Value value) {
  const double sign = (value & sign_bit(type)) != 0 ? -1.0 : 1.0;
  const Value positive = value & ~sign_bit(type);
  if (positive > infinity(type)) return std::numeric_limits<double>::quiet_NaN();
  if (positive == infinity(type)) return sign * std::numeric_limits<double>::infinity();
  const auto exponent = static_cast<int>(positive >> type.fraction_bits);
  const auto largest = static_cast<int>(infinity(type) >> type.fraction_bits);
  const Value unit = Value{1} << type.fraction_bits;
  const Value fraction = (positive & (unit - 1)) | (exponent == 0 ? 0 : unit);
  const int scale = (exponent == 0 ? 1 : exponent) - largest / 2 - type.fraction_bits;
  return sign * std::ldexp(static_cast<double>(fraction), scale);
}

// The value of the nearest number, the even one of two.
inline Value nearest(Type type, double number) {
  const Value sign = std::signbit(number) ? sign_bit(type) : 0;
  const double positive = std::fabs(number);
  if (std::isnan(number)) return canonical_nan(type);
  if (positive == 0) return sign;
  if (std::isinf(number)) return sign | infinity(type);
  const auto largest = static_cast<int>(infinity(type) >> type.fraction_bits);
  int exponent = 0;
  std::frexp(positive, &exponent);  // positive is in [0.5, 1) * 2^exponent
  const int lowest_exponent = 2 - largest / 2;
  const int used = exponent > lowest_exponent ? exponent : lowest_exponent;
  const double units = std::ldexp(positive, 1 + type.fraction_bits - used);
  const double whole = std::floor(units);
  const double rest = units - whole;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(whole, 2) != 0);
  // The exponent's field counts from `lowest_exponent`; a carry goes into it by itself.
  const Value bits = static_cast<Value>(whole + (up ? 1 : 0)) +
                     (static_cast<Value>(used - lowest_exponent) << type.fraction_bits);
  return sign | (bits < infinity(type) ? bits : infinity(type));
}

// One addition, rounded in the type's own precision, that of float for shorter types.
class Sum {
 public:
  explicit Sum(Type type) : type_(type) {}
  void add(Value value) {
    if (type_.bytes == 8) {
      wide_ = wide_ + number(type_, value);
    } else {
      narrow_ = narrow_ + static_cast<float>(number(type_, value));
    }
  }
  Value value() const {
    if (type_.bytes != 8) return nearest(type_, static_cast<double>(narrow_));
    const double wide = wide_;
    if (std::isnan(wide)) return canonical_nan(type_);
    Value bits = 0;
    std::memcpy(&bits, &wide, sizeof bits);
    return bits;
  }

 private:
  Type type_;
  volatile float narrow_ = 0;
  volatile double wide_ = 0;
};

// What comes back for one output row.
struct GradientRow {
  std::vector<Value> gradients;
  std::vector<std::int64_t> positions;
};

// The gradient of one map from all its rows: channel c of cell p is element p * channels + c.
inline std::vector<Value> gradient(Type type, const std::vector<Level> &levels, bool channels_first,
                                   std::int64_t cells, std::int64_t channels,
                                   const std::vector<GradientRow> &rows) {
  std::vector<Value> result(static_cast<std::size_t>(cells * channels));
  for (std::int64_t c = 0; c < channels; ++c) {
    std::vector<Sum> sums(static_cast<std::size_t>(cells), Sum(type));
    for (const GradientRow &row : rows) {
      std::int64_t start = 0;
      for (const Level &level : levels) {
        const std::int64_t bins = level.rows * level.columns;
        for (std::int64_t bin = 0; bin < bins; ++bin) {
          const auto place = static_cast<std::size_t>(
              start + (channels_first ? c * bins + bin : bin * channels + c));
          if (row.positions[place] >= 0)
            sums[static_cast<std::size_t>(row.positions[place])].add(row.gradients[place]);
        }
        start += bins * channels;
      }
    }
    for (std::int64_t cell = 0; cell < cells; ++cell)
      result[static_cast<std::size_t>(cell * channels + c)] =
          sums[static_cast<std::size_t>(cell)].value();
  }
  return result;
}

}  // namespace oracle

#endif
