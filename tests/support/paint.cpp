#include "support/paint.hpp"

#include <array>

namespace {

using oracle::Kind;
using oracle::Type;
using oracle::Value;

Value all_bits(Type type) { return oracle::sign_bit(type) | (oracle::sign_bit(type) - 1); }
Value fraction(Type type) { return (Value{1} << type.fraction_bits) - 1; }

// A step of SplitMix64: a bijection in which every input bit reaches every output bit.
Value scrambled(Value value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

// Any exponent but that of infinity, and for one half that of 1.0: their fractions decide.
Value finite(Type type, Value random) {
  const Value value = scrambled(random) & all_bits(type);
  if (type.kind != Kind::floating) return value;
  const Value exponents = oracle::infinity(type);
  const Value of_one = exponents & (exponents >> 1);
  if (random % 2 == 0) return (value & ~exponents) | of_one;
  return (value & exponents) == exponents ? value & ~(Value{1} << type.fraction_bits) : value;
}

Value nan(Type type, Value random) {
  const Value quiet = (fraction(type) + 1) >> 1;
  const std::array<Value, 4> payloads = {
      quiet, quiet | (0x12345 & fraction(type)),  // quiet, without and with a payload
      1, quiet - 1};                              // signalling: the smallest and largest payload
  const Value sign = (random >> 8) % 2 == 0 ? 0 : oracle::sign_bit(type);
  return sign | oracle::infinity(type) | payloads[(random >> 9) % payloads.size()];
}

Value zero(Type type, Value random) {
  const Value sign = oracle::sign_bit(type);
  switch (random % 16) {
    case 0:
      return 1;  // the smallest subnormal
    case 1:
      return sign | 1;
    case 2:
      return sign | finite(type, random);
    default:
      return (random & 16) != 0 ? sign : 0;
  }
}

Value infinite(Type type, Value random) {
  const Value sign = oracle::sign_bit(type);
  switch (random % 8) {
    case 0:
      return oracle::infinity(type);
    case 1:
      return oracle::infinity(type) - 1;  // the largest finite number
    case 2:
      return sign | (oracle::infinity(type) - 1);
    case 3:
      return finite(type, random >> 3);
    default:
      return sign | oracle::infinity(type);
  }
}

Value floating(Type type, Paint paint, Value random) {
  const Value sign = oracle::sign_bit(type);
  switch (paint) {
    case Paint::numbers:
      return finite(type, random);
    case Paint::negatives:
      return sign | finite(type, random) | 1;
    case Paint::zeros:
      return zero(type, random);
    case Paint::subnormals:
      return scrambled(random) & (sign | (random % 4 == 0 ? 0 : fraction(type)));
    case Paint::infinities:
      return infinite(type, random);
    case Paint::lowest:
      return sign | (oracle::infinity(type) - (random % 31 == 0 ? 1 : 0));
    case Paint::few_nans:
      return random % 61 == 0 ? nan(type, random) : infinite(type, random >> 5);
    case Paint::many_nans:
      return random % 5 < 2 ? nan(type, random) : finite(type, random);
    case Paint::nearly_nans:
      return random % 13 != 0 ? nan(type, random) : finite(type, random);
    case Paint::only_nans:
      return nan(type, random);
  }
  return 0;
}

Value integer(Type type, Paint paint, Value random) {
  const Value lowest = oracle::lowest(type);
  const Value highest = lowest ^ all_bits(type);
  switch (paint) {
    case Paint::negatives:  // below the middle
      return lowest | (finite(type, random) & (oracle::sign_bit(type) - 1));
    case Paint::zeros:
      return random % 16 == 0 ? finite(type, random) : 0;
    case Paint::subnormals:
      return random % 8;
    case Paint::infinities:
      return random % 4 < 2 ? lowest + random % 2 : highest - random % 3;
    case Paint::lowest:
      return lowest + (random % 31 == 0 ? 1 : 0);
    case Paint::few_nans:
      return random % 61 == 0 ? highest : finite(type, random);
    case Paint::many_nans:  // around where the sign bit changes, and where the bits wrap
      return ((random % 2 == 0 ? oracle::sign_bit(type) : 0) - random % 3) & all_bits(type);
    default:
      return finite(type, random);
  }
}

}  // namespace

Value painted(Type type, Paint paint, std::int64_t position) {
  const Value random = scrambled(static_cast<Value>(position % 1000003)) >> 8;
  return type.kind == Kind::floating ? floating(type, paint, random) : integer(type, paint, random);
}

std::uint32_t painted(Paint paint, std::int64_t position) {
  return static_cast<std::uint32_t>(painted(oracle::float32, paint, position));
}

const char *paint_name(Paint paint) {
  constexpr std::array<const char *, paint_count + 1> names = {
      "numbers", "negatives", "zeros",     "subnormals",  "infinities",
      "lowest",  "few_nans",  "many_nans", "nearly_nans", "only_nans"};
  return names[static_cast<std::size_t>(paint)];
}
