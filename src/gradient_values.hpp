// The element types as a gradient sees them: numbers that are added.  Half precision is added in
// float32 and rounded once.
//
// The functions take one number or a vector of them: Word is an unsigned integer or a vector of such,
// and so on.  Internal linkage throughout: this header is compiled with the flags of several tiers,
// and no copy may stand in for another.
#pragma once

#include <cstdint>
#include <cstring>

namespace spp {
namespace {

#define SPP_VALUE __attribute__((always_inline)) inline
#define SPP_VALUE_LAMBDA __attribute__((always_inline))

template <class To, class From>
SPP_VALUE To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

struct FloatNumber {
  using Stored = std::uint32_t;
  using Word = std::uint32_t;  // of a sum
  using Sum = float;

  template <class Sums, class Words>
  static SPP_VALUE Sums read(Words words) {
    return bits_as<Sums>(words);
  }
  template <class Words, class Sums>
  static SPP_VALUE Words rounded(Sums sums) {
    return sums == sums ? bits_as<Words>(sums) : Words{} + 0x7fc00000U;
  }
};

struct DoubleNumber {
  using Stored = std::uint64_t;
  using Word = std::uint64_t;
  using Sum = double;

  template <class Sums, class Words>
  static SPP_VALUE Sums read(Words words) {
    return bits_as<Sums>(words);
  }
  template <class Words, class Sums>
  static SPP_VALUE Words rounded(Sums sums) {
    return sums == sums ? bits_as<Words>(sums) : Words{} + 0x7ff8000000000000U;
  }
};

struct HalfNumber {
  using Stored = std::uint16_t;
  using Word = std::uint32_t;
  using Sum = float;

  // The biases of the exponents are 15 and 127.
  template <class Sums, class Words>
  static SPP_VALUE Sums read(Words words) {
    const Words moved = (words & 0x7fffU) << 13;
    const Words exponent = moved & 0x0f800000U;
    const Words normal = moved + (112U << 23);
    // Infinities and NaNs have the largest exponent of either format.
    const Words special = normal + (112U << 23);
    // A subnormal number is its fraction without the leading 1 that a normal one has.
    const Words one = Words{} + (113U << 23);
    const Words subnormal = bits_as<Words>(bits_as<Sums>(moved + one) - bits_as<Sums>(one));
    const Words positive = exponent == 0x0f800000U ? special : exponent == 0U ? subnormal : normal;
    return bits_as<Sums>(positive | (words & 0x8000U) << 16);
  }
  template <class Words, class Sums>
  static SPP_VALUE Words rounded(Sums sums) {
    const Words words = bits_as<Words>(sums);
    const Words positive = words & 0x7fffffffU;
    // To the nearest: half a unit more, or one less than that if the last bit that stays is 0.
    const Words normal = (positive + 0xfffU + ((positive >> 13) & 1U) - (112U << 23)) >> 13;
    // The last bit of 0.5F is that of the subnormal halves, so that the addition rounds.
    const Words half = Words{} + 0x3f000000U;
    const Words subnormal = bits_as<Words>(bits_as<Sums>(positive) + bits_as<Sums>(half)) - half;
    const Words finite = positive < 0x38800000U ? subnormal : normal;
    const Words number =
        (positive >= 0x477ff000U ? Words{} + 0x7c00U : finite) | ((words >> 16) & 0x8000U);
    return sums == sums ? number : Words{} + 0x7e00U;
  }
};

struct BrainNumber {
  using Stored = std::uint16_t;
  using Word = std::uint32_t;
  using Sum = float;

  template <class Sums, class Words>
  static SPP_VALUE Sums read(Words words) {
    return bits_as<Sums>(words << 16);
  }
  template <class Words, class Sums>
  static SPP_VALUE Words rounded(Sums sums) {
    const Words words = bits_as<Words>(sums);
    const Words nearest = (words + 0x7fffU + ((words >> 16) & 1U)) >> 16;
    return sums == sums ? nearest : Words{} + 0x7fc0U;
  }
};

}  // namespace
}  // namespace spp
