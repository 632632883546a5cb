// Where AVX-512 has better than compare and select.  Included by simd.hpp.
//
// fixupimm replaces a value by the class (quiet NaN, signalling NaN, zero, one, -inf, +inf,
// negative, positive: four bits each, from the lowest) of its second source: 0 keeps the first
// source, 1 takes the second, 2 takes it quieted, 8 is +0.
#pragma once

#include <immintrin.h>

namespace spp::SPP_TIER_NAME {

template <>
SPP_INLINE Simd<float>::R Simd<float>::larger(R x, R kept) {
  return _mm512_max_ps(x, kept);  // its second operand if either is NaN
}

// The maximum, but x where x is NaN.
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add(R accumulator, R x) {
  return _mm512_fixupimm_ps(_mm512_max_ps(x, accumulator), x, _mm512_set1_epi32(0x22), 0);
}

// maxps(accumulator, x) is x if either is NaN: right unless x is the NaN, and then the result is
// NaN, where the accumulator (a number, or a NaN as good as any) is taken instead.
template <>
SPP_INLINE Ignore<float>::R Ignore<float>::add(R accumulator, R x) {
  return _mm512_fixupimm_ps(accumulator, _mm512_max_ps(accumulator, x),
                            _mm512_set1_epi32(0x11111100), 0);
}

template <>
SPP_INLINE Simd<float>::R canonical<float>(Simd<float>::R x) {
  const __m512 nan = _mm512_set1_ps(from_bits<float>(Bits<float>::canonical_nan));
  return _mm512_fixupimm_ps(nan, x, _mm512_set1_epi32(0x11111800), 0);
}

template <>
SPP_INLINE Simd<float>::R shift_down<float>(Simd<float>::R x, int distance) {
  const __m512i from =
      _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                       _mm512_set1_epi32(distance));
  return _mm512_permutexvar_ps(from, x);
}

SPP_INLINE __mmask16 first_lanes(int n) { return static_cast<__mmask16>((1U << n) - 1U); }
template <>
SPP_INLINE Simd<float>::R load_partial<float>(const float *p, int n) {
  return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
template <>
SPP_INLINE void store_partial<float>(float *p, Simd<float>::R value, int n) {
  _mm512_mask_storeu_ps(p, first_lanes(n), value);
}

}  // namespace spp::SPP_TIER_NAME
