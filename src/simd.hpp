// The registers of one tier, and the two ways to take a maximum.  The only file that knows xsimd.
// Included once per tier, by kernel.hpp, with SPP_TIER_NAME defined: everything here lives in a
// namespace of that name, and xsimd's own namespace is renamed, so that no template compiled with
// one tier's flags can be picked by the linker for another tier.
#pragma once

#include <cstdint>
#include <cstring>

#define SPP_JOIN_(a, b) a##b
#define SPP_JOIN(a, b) SPP_JOIN_(a, b)

#ifndef SPP_TIER_IS_PORTABLE
#define xsimd SPP_JOIN(xsimd_, SPP_TIER_NAME)
#include <xsimd/xsimd.hpp>
#endif

#define SPP_INLINE __attribute__((always_inline)) inline
#define SPP_INLINE_LAMBDA __attribute__((always_inline))

namespace spp::SPP_TIER_NAME {

// f(0), f(1) ... f(Count - 1), written out: a loop over an array of accumulators would keep the
// array in memory at -O2.
template <int Count, class F>
SPP_INLINE void repeat(F f) {
  if constexpr (Count > 0) {
    repeat<Count - 1>(f);
    f(Count - 1);
  }
}

template <class T>
struct Bits;
template <>
struct Bits<float> {
  using Word = std::uint32_t;
  static constexpr Word canonical_nan = 0x7fc00000;
  static constexpr Word lowest = 0xff800000;  // -inf
};

template <class T>
SPP_INLINE T from_bits(typename Bits<T>::Word word) {
  T value;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

#if defined(SPP_TIER_IS_PORTABLE)

// 16 bytes in the vector extension of GCC and Clang, which is what every 64-bit processor has.
template <class T>
struct Simd {
  using R __attribute__((vector_size(16))) = T;
  static constexpr int lanes = 16 / sizeof(T);

  static SPP_INLINE R load(const T *p) {
    R result;
    std::memcpy(&result, p, sizeof result);
    return result;
  }
  static SPP_INLINE void store(T *p, R value) { std::memcpy(p, &value, sizeof value); }
  static SPP_INLINE R fill(T value) { return value - R{}; }
  // The larger, or `kept` where either is NaN.
  static SPP_INLINE R larger(R x, R kept) { return x > kept ? x : kept; }
  static SPP_INLINE R where_nan(R tested, R yes, R no) { return tested != tested ? yes : no; }
  static SPP_INLINE R plus_zero(R x) { return x + T(0); }
};

#else

template <class T>
struct Simd {
  using R = xsimd::batch<T, SPP_TIER_ARCH>;
  static constexpr int lanes = static_cast<int>(R::size);

  static SPP_INLINE R load(const T *p) { return R::load_unaligned(p); }
  static SPP_INLINE void store(T *p, R value) { value.store_unaligned(p); }
  static SPP_INLINE R fill(T value) { return R(value); }
  // The larger, or `kept` where either is NaN.  Written as compare and select for every tier that
  // has no better: xsimd::max gives the first or the second operand on NaN depending on its version.
  static SPP_INLINE R larger(R x, R kept) { return xsimd::select(x > kept, x, kept); }
  static SPP_INLINE R where_nan(R tested, R yes, R no) {
    return xsimd::select(xsimd::isnan(tested), yes, no);
  }
  static SPP_INLINE R plus_zero(R x) { return x + R(T(0)); }
};

#endif

// What a NaN does: the two policies.  `identity` is the accumulator before the first value; `add`
// takes one value; `add2` and `add4` take more, so that the chain through the accumulator is short.

// A NaN in the accumulator stays (`larger` keeps it), a NaN that comes in replaces it.
template <class T>
struct Propagate {
  using S = Simd<T>;
  using R = typename S::R;

  static SPP_INLINE R identity() { return S::fill(from_bits<T>(Bits<T>::lowest)); }
  static SPP_INLINE R add(R accumulator, R x) {
    return S::where_nan(x, x, S::larger(x, accumulator));
  }
  static SPP_INLINE R add2(R accumulator, R x, R y) { return add(accumulator, add(x, y)); }
  static SPP_INLINE R add4(R accumulator, R x, R y, R z, R w) {
    return add(accumulator, add(add(x, y), add(z, w)));
  }
};

// NaN is the identity: it gives way to any number, and one that comes in changes nothing.
template <class T>
struct Ignore {
  using S = Simd<T>;
  using R = typename S::R;

  static SPP_INLINE R identity() { return S::fill(from_bits<T>(Bits<T>::canonical_nan)); }
  static SPP_INLINE R add(R accumulator, R x) {
    return S::where_nan(accumulator, x, S::larger(x, accumulator));
  }
  static SPP_INLINE R add2(R accumulator, R x, R y) { return add(accumulator, add(x, y)); }
  static SPP_INLINE R add4(R accumulator, R x, R y, R z, R w) {
    return add(accumulator, add(add(x, y), add(z, w)));
  }
};

// What is written to an output row: one NaN, one zero (docs/values.md, section 2).
template <class T>
SPP_INLINE typename Simd<T>::R canonical(typename Simd<T>::R x) {
  using S = Simd<T>;
  return S::where_nan(x, S::fill(from_bits<T>(Bits<T>::canonical_nan)), S::plus_zero(x));
}

// Lane k becomes lane k + distance; lanes that come from beyond the end hold anything.
template <class T>
SPP_INLINE typename Simd<T>::R shift_down(typename Simd<T>::R x, int distance) {
  constexpr int lanes = Simd<T>::lanes;
  T lane[2 * lanes] = {};
  Simd<T>::store(lane, x);
  return Simd<T>::load(lane + distance);
}

// The first n < lanes elements: never a byte more is read or written.
template <class T>
SPP_INLINE typename Simd<T>::R load_partial(const T *p, int n) {
  T lane[Simd<T>::lanes] = {};
  std::memcpy(lane, p, static_cast<std::size_t>(n) * sizeof(T));
  return Simd<T>::load(lane);
}
template <class T>
SPP_INLINE void store_partial(T *p, typename Simd<T>::R value, int n) {
  T lane[Simd<T>::lanes];
  Simd<T>::store(lane, value);
  std::memcpy(p, lane, static_cast<std::size_t>(n) * sizeof(T));
}

}  // namespace spp::SPP_TIER_NAME

#if defined(__AVX512F__)
#include "simd_avx512.hpp"
#elif defined(__AVX2__)
#include "simd_avx2.hpp"
#endif
