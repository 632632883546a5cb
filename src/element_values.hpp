// The element types as the kernel sees them: values that move between memory and registers.
// Included once per tier, by simd.hpp.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace spp::SPP_TIER_NAME {

// Half precision has no arithmetic here: its bits are compared as integers.
struct Float16 {
  std::uint16_t word;
};
struct BFloat16 {
  std::uint16_t word;
};

template <class T>
struct Bits {
  using Word = std::make_unsigned_t<T>;
  static constexpr Word lowest =
      std::is_signed_v<T> ? static_cast<Word>(Word{1} << (8 * sizeof(T) - 1)) : Word{0};
};
template <>
struct Bits<float> {
  using Word = std::uint32_t;
  static constexpr Word canonical_nan = 0x7fc00000;
  static constexpr Word lowest = 0xff800000;  // -inf
};
template <>
struct Bits<double> {
  using Word = std::uint64_t;
  static constexpr Word canonical_nan = 0x7ff8000000000000;
  static constexpr Word lowest = 0xfff0000000000000;
};
template <>
struct Bits<Float16> {
  using Word = std::uint16_t;
  static constexpr Word canonical_nan = 0x7e00;
  static constexpr Word infinity = 0x7c00;
  static constexpr Word lowest = 0xfc00;
};
template <>
struct Bits<BFloat16> {
  using Word = std::uint16_t;
  static constexpr Word canonical_nan = 0x7fc0;
  static constexpr Word infinity = 0x7f80;
  static constexpr Word lowest = 0xff80;
};

// Elements, or registers.
template <class To, class From>
SPP_INLINE To same_bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

template <class T>
SPP_INLINE T from_bits(typename Bits<T>::Word word) {
  return same_bits<T>(word);
}

}  // namespace spp::SPP_TIER_NAME
