// Where AVX-512 has better than compare and select.  Included by simd.hpp.
#pragma once

#include <immintrin.h>

namespace spp::SPP_TIER_NAME {

// fixupimm replaces a value by the class (quiet NaN, signalling NaN, zero, one, -inf, +inf,
// negative, positive: four bits each, from the lowest) of its second source: 0 keeps the first
// source, 1 takes the second, 2 takes it quieted, 8 is +0.
template <unsigned Table>
SPP_INLINE __m512 fix_up(__m512 kept, __m512 x) {
  return _mm512_fixupimm_ps(kept, x, _mm512_set1_epi32(Table), 0);
}
template <unsigned Table>
SPP_INLINE __m512d fix_up(__m512d kept, __m512d x) {
  return _mm512_fixupimm_pd(kept, x, _mm512_set1_epi64(Table), 0);
}

// Its second operand if either is NaN.
template <>
SPP_INLINE Simd<float>::R Simd<float>::larger(R x, R kept) {
  return _mm512_max_ps(x, kept);
}
template <>
SPP_INLINE Simd<double>::R Simd<double>::larger(R x, R kept) {
  return _mm512_max_pd(x, kept);
}

// The maximum, but x where x is NaN.
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add(R accumulator, R x) {
  return fix_up<0x22>(_mm512_max_ps(x, accumulator), x);
}
template <>
SPP_INLINE Propagate<double>::R Propagate<double>::add(R accumulator, R x) {
  return fix_up<0x22>(_mm512_max_pd(x, accumulator), x);
}

// Two values at 3 operations: one compare serves both, and where either is NaN the maximum leaves the
// NaN that is there instead.
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add2(R accumulator, R x, R y) {
  x = S::loaded_once(x);
  y = S::loaded_once(y);
  const R nan = S::fill(from_bits<float>(Bits<float>::canonical_nan));
  return _mm512_mask_max_ps(nan, _mm512_cmp_ps_mask(x, y, _CMP_ORD_Q), _mm512_max_ps(x, y),
                            accumulator);
}
template <>
SPP_INLINE Propagate<double>::R Propagate<double>::add2(R accumulator, R x, R y) {
  x = S::loaded_once(x);
  y = S::loaded_once(y);
  const R nan = S::fill(from_bits<double>(Bits<double>::canonical_nan));
  return _mm512_mask_max_pd(nan, _mm512_cmp_pd_mask(x, y, _CMP_ORD_Q), _mm512_max_pd(x, y),
                            accumulator);
}
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add4(R accumulator, R x, R y, R z, R w) {
  x = S::loaded_once(x);
  y = S::loaded_once(y);
  z = S::loaded_once(z);
  w = S::loaded_once(w);
  const __mmask16 numbers =
      _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(x, y, _CMP_ORD_Q), z, w, _CMP_ORD_Q);
  const R nan = S::fill(from_bits<float>(Bits<float>::canonical_nan));
  return _mm512_mask_max_ps(nan, numbers, _mm512_max_ps(_mm512_max_ps(x, y), _mm512_max_ps(z, w)),
                            accumulator);
}
template <>
SPP_INLINE Propagate<double>::R Propagate<double>::add4(R accumulator, R x, R y, R z, R w) {
  x = S::loaded_once(x);
  y = S::loaded_once(y);
  z = S::loaded_once(z);
  w = S::loaded_once(w);
  const __mmask8 numbers =
      _mm512_mask_cmp_pd_mask(_mm512_cmp_pd_mask(x, y, _CMP_ORD_Q), z, w, _CMP_ORD_Q);
  const R nan = S::fill(from_bits<double>(Bits<double>::canonical_nan));
  return _mm512_mask_max_pd(nan, numbers, _mm512_max_pd(_mm512_max_pd(x, y), _mm512_max_pd(z, w)),
                            accumulator);
}

// max(accumulator, x) is x if either is NaN: right unless x is the NaN, and then the result is NaN,
// where the accumulator (a number, or a NaN as good as any) is taken instead.
template <>
SPP_INLINE Ignore<float>::R Ignore<float>::add(R accumulator, R x) {
  return fix_up<0x11111100>(accumulator, _mm512_max_ps(accumulator, x));
}
template <>
SPP_INLINE Ignore<double>::R Ignore<double>::add(R accumulator, R x) {
  return fix_up<0x11111100>(accumulator, _mm512_max_pd(accumulator, x));
}

template <>
SPP_INLINE Simd<float>::R canonical<float>(Simd<float>::R x) {
  return fix_up<0x11111800>(_mm512_set1_ps(from_bits<float>(Bits<float>::canonical_nan)), x);
}
template <>
SPP_INLINE Simd<double>::R canonical<double>(Simd<double>::R x) {
  return fix_up<0x11111800>(_mm512_set1_pd(from_bits<double>(Bits<double>::canonical_nan)), x);
}

// The canonical form is one operation: cheaper than to ask whether it is needed.
template <>
SPP_INLINE FloatRegister<float>::R FloatRegister<float>::finish(R accumulator, bool) {
  return canonical<float>(accumulator);
}
template <>
SPP_INLINE FloatRegister<double>::R FloatRegister<double>::finish(R accumulator, bool) {
  return canonical<double>(accumulator);
}

// ------------------------------------------------------------------------------- parts of registers

SPP_INLINE __m512i to_integers(__m512 x) { return _mm512_castps_si512(x); }
SPP_INLINE __m512i to_integers(__m512d x) { return _mm512_castpd_si512(x); }
SPP_INLINE __m512i to_integers(__m512i x) { return x; }

template <class T>
SPP_INLINE typename Simd<T>::R from_integers(__m512i x) {
  if constexpr (std::is_same_v<T, float>)
    return _mm512_castsi512_ps(x);
  else if constexpr (std::is_same_v<T, double>)
    return _mm512_castsi512_pd(x);
  else
    return x;
}

// Lane k becomes lane k + distance; lanes that come from beyond the end hold anything.
template <class T>
SPP_INLINE typename Simd<T>::R shift_down(typename Simd<T>::R x, int distance) {
  if constexpr (sizeof(T) >= 4) {
    constexpr int words = sizeof(T) / 4;
    const __m512i from =
        _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                         _mm512_set1_epi32(words * distance));
    return from_integers<T>(_mm512_permutexvar_epi32(from, to_integers(x)));
  } else {  // a permutation of bytes is not in this tier
    T lane[2 * Simd<T>::lanes] = {};
    Simd<T>::store(lane, x);
    return Simd<T>::load(lane + distance);
  }
}

// The first n < lanes elements: never a byte more is read or written.
template <class T>
SPP_INLINE typename Simd<T>::R load_partial(const T *p, int n) {
  const std::uint64_t first = (std::uint64_t{1} << n) - 1;
  if constexpr (sizeof(T) == 8)
    return from_integers<T>(_mm512_maskz_loadu_epi64(static_cast<__mmask8>(first), p));
  else if constexpr (sizeof(T) == 4)
    return from_integers<T>(_mm512_maskz_loadu_epi32(static_cast<__mmask16>(first), p));
  else if constexpr (sizeof(T) == 2)
    return from_integers<T>(_mm512_maskz_loadu_epi16(static_cast<__mmask32>(first), p));
  else
    return from_integers<T>(_mm512_maskz_loadu_epi8(first, p));
}
template <class T>
SPP_INLINE void store_partial(T *p, typename Simd<T>::R value, int n) {
  const std::uint64_t first = (std::uint64_t{1} << n) - 1;
  if constexpr (sizeof(T) == 8)
    _mm512_mask_storeu_epi64(p, static_cast<__mmask8>(first), to_integers(value));
  else if constexpr (sizeof(T) == 4)
    _mm512_mask_storeu_epi32(p, static_cast<__mmask16>(first), to_integers(value));
  else if constexpr (sizeof(T) == 2)
    _mm512_mask_storeu_epi16(p, static_cast<__mmask32>(first), to_integers(value));
  else
    _mm512_mask_storeu_epi8(p, first, to_integers(value));
}

}  // namespace spp::SPP_TIER_NAME
