// The registers of one tier.  The only file that knows xsimd.
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
#define SPP_APART __attribute__((noinline))

#include "element_values.hpp"

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
  static SPP_INLINE R loaded_once(R x) { return x; }
  // Integers only.
  static SPP_INLINE R smaller(R x, R y) { return x < y ? x : y; }
  static SPP_INLINE R where_less(R a, R b, R yes, R no) { return a < b ? yes : no; }
  static SPP_INLINE R where_equal(R a, R b, R yes, R no) { return a == b ? yes : no; }
  // a < b or c < d
  static SPP_INLINE R where_either_less(R a, R b, R c, R d, R yes, R no) {
    return ((a < b) | (c < d)) ? yes : no;
  }
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
  static SPP_INLINE R larger(R x, R kept) {
    if constexpr (std::is_integral_v<T>)
      return xsimd::max(x, kept);
    else
      return xsimd::select(x > kept, x, kept);
  }
  static SPP_INLINE R where_nan(R tested, R yes, R no) {
    return xsimd::select(xsimd::isnan(tested), yes, no);
  }
  static SPP_INLINE R plus_zero(R x) { return x + R(T(0)); }
  // For a value that several instructions use: GCC would fold its load into each of them, and on
  // data from the second-level cache loads are what is short.
  static SPP_INLINE R loaded_once(R x) {
#if defined(__AVX__)
    typename R::register_type whole = x;
    __asm__("" : "+v"(whole));
    return whole;
#else
    return x;
#endif
  }
  // Integers only.
  static SPP_INLINE R smaller(R x, R y) { return xsimd::min(x, y); }
  static SPP_INLINE R where_less(R a, R b, R yes, R no) { return xsimd::select(a < b, yes, no); }
  static SPP_INLINE R where_equal(R a, R b, R yes, R no) { return xsimd::select(a == b, yes, no); }
  // a < b or c < d
  static SPP_INLINE R where_either_less(R a, R b, R c, R d, R yes, R no) {
    return xsimd::select((a < b) || (c < d), yes, no);
  }
};

#endif

// Half precision: the registers of 16-bit integers.
template <class T>
struct HalfSimd {
  using Integer = std::int16_t;
  using Integers = Simd<Integer>;
  using R = typename Integers::R;
  static constexpr int lanes = Integers::lanes;

  static SPP_INLINE R load(const T *p) {
    return Integers::load(reinterpret_cast<const Integer *>(p));
  }
  static SPP_INLINE void store(T *p, R value) {
    Integers::store(reinterpret_cast<Integer *>(p), value);
  }
};
template <>
struct Simd<Float16> : HalfSimd<Float16> {};
template <>
struct Simd<BFloat16> : HalfSimd<BFloat16> {};

}  // namespace spp::SPP_TIER_NAME

#include "policies.hpp"

#if defined(__AVX512F__)
#include "simd_avx512.hpp"
#elif defined(__AVX2__)
#include "simd_avx2.hpp"
#else
#include "simd_generic.hpp"
#endif
