// Where AVX2 has better than compare and select.  Included by simd.hpp.
//
// maxps gives its second operand if either is NaN: with the accumulator second, a NaN that is in it
// stays.  An unordered compare is all ones, itself a NaN, where a value is NaN, so one `or` puts the
// NaN in.  One compare serves two values: 4 operations for 2 loads.
#pragma once

#include <immintrin.h>

namespace spp::SPP_TIER_NAME {

template <>
SPP_INLINE Simd<float>::R Simd<float>::larger(R x, R kept) {
  return _mm256_max_ps(x, kept);
}

template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add(R accumulator, R x) {
  return _mm256_or_ps(_mm256_max_ps(x, accumulator), _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
}
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add2(R accumulator, R x, R y) {
  return _mm256_or_ps(_mm256_max_ps(_mm256_max_ps(x, y), accumulator),
                      _mm256_cmp_ps(x, y, _CMP_UNORD_Q));
}

template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add4(R accumulator, R x, R y, R z, R w) {
  return add2(add2(accumulator, x, y), z, w);
}

template <>
SPP_INLINE Simd<float>::R shift_down<float>(Simd<float>::R x, int distance) {
  const __m256i from =
      _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(distance));
  return _mm256_permutevar8x32_ps(x, from);
}

SPP_INLINE __m256i first_lanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
template <>
SPP_INLINE Simd<float>::R load_partial<float>(const float *p, int n) {
  return _mm256_maskload_ps(p, first_lanes(n));
}
template <>
SPP_INLINE void store_partial<float>(float *p, Simd<float>::R value, int n) {
  _mm256_maskstore_ps(p, first_lanes(n), value);
}

}  // namespace spp::SPP_TIER_NAME
