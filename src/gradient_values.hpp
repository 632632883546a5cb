// The element types as a gradient sees them: numbers that are added.  Half precision is added in
// float32 and rounded once.
//
// Internal linkage throughout: this header is compiled with the flags of several tiers, and no copy
// may stand in for another.
#pragma once

#include <cstdint>
#include <cstring>

namespace spp {
namespace {

struct HalfNumber {
  std::uint16_t word;
};
struct BrainNumber {
  std::uint16_t word;
};

inline std::uint32_t word_of(float value) {
  std::uint32_t word;
  std::memcpy(&word, &value, sizeof word);
  return word;
}
inline float float_of(std::uint32_t word) {
  float value;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

// Sum: what is added in.  canonical(): the one NaN of a type, whatever the processor makes of
// payloads.
template <class T>
struct Gradient {
  using Sum = T;
  static Sum read(T value) { return value; }
  static T rounded(Sum sum) { return sum; }
};

// Branchless, so that loops of it become vector code.
template <>
struct Gradient<HalfNumber> {
  using Sum = float;
  static constexpr std::uint32_t exponents = 0x0f800000;  // of a half, moved to a float's fraction

  static Sum read(HalfNumber value) {
    const std::uint32_t moved = (value.word & 0x7fffU) << 13;
    const std::uint32_t exponent = moved & exponents;
    const std::uint32_t normal = moved + (112U << 23);  // the biases are 15 and 127
    // Infinities and NaN have the largest exponent of both formats.
    const std::uint32_t special = normal + (112U << 23);
    // A subnormal number is its fraction without the leading 1 that a normal one has.
    const float subnormal = float_of(normal + (1U << 23)) - float_of(113U << 23);
    const std::uint32_t word = exponent == exponents ? special
                               : exponent == 0       ? word_of(subnormal)
                                                     : normal;
    return float_of(word | (value.word & 0x8000U) << 16);
  }

  static HalfNumber rounded(Sum sum) {
    const std::uint32_t word = word_of(sum);
    const std::uint32_t positive = word & 0x7fffffffU;
    // To nearest even: the carry of half a unit, less one unless the last bit that stays is set.
    const std::uint32_t normal = (positive + 0xfffU + ((positive >> 13) & 1U) - (112U << 23)) >> 13;
    // The last bit of 0.5 is that of the subnormal halves, so the addition rounds.
    const std::uint32_t subnormal = word_of(float_of(positive) + 0.5F) - word_of(0.5F);
    std::uint32_t half = positive < 0x38800000U ? subnormal : normal;
    half = positive >= 0x477ff000U ? 0x7c00U : half;
    half |= (word >> 16) & 0x8000U;
    half = positive > 0x7f800000U ? 0x7e00U : half;
    return {static_cast<std::uint16_t>(half)};
  }
};

template <>
struct Gradient<BrainNumber> {
  using Sum = float;
  static Sum read(BrainNumber value) { return float_of(std::uint32_t{value.word} << 16); }
  static BrainNumber rounded(Sum sum) {
    const std::uint32_t word = word_of(sum);
    const std::uint32_t nearest = (word + 0x7fffU + ((word >> 16) & 1U)) >> 16;
    const bool is_nan = (word & 0x7fffffffU) > 0x7f800000U;
    return {static_cast<std::uint16_t>(is_nan ? 0x7fc0U : nearest)};
  }
};

template <class Sum>
inline Sum canonical(Sum sum) {
  return sum == sum ? sum : static_cast<Sum>(__builtin_nan(""));
}

}  // namespace
}  // namespace spp
