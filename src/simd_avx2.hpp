// Where AVX2 has better than compare and select.  Included by simd.hpp.
#pragma once

#include <immintrin.h>

namespace spp::SPP_TIER_NAME {

// maxps gives its second operand if either is NaN: with the accumulator second, a NaN that is in it
// stays.  An unordered compare is all ones, itself a NaN, where a value is NaN, so one `or` puts the
// NaN in.  One compare serves two values: 4 operations for 2 loads.

template <>
SPP_INLINE Simd<float>::R Simd<float>::larger(R x, R kept) {
  return _mm256_max_ps(x, kept);
}
template <>
SPP_INLINE Simd<double>::R Simd<double>::larger(R x, R kept) {
  return _mm256_max_pd(x, kept);
}

template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add(R accumulator, R x) {
  return _mm256_or_ps(_mm256_max_ps(x, accumulator), _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
}
template <>
SPP_INLINE Propagate<double>::R Propagate<double>::add(R accumulator, R x) {
  return _mm256_or_pd(_mm256_max_pd(x, accumulator), _mm256_cmp_pd(x, x, _CMP_UNORD_Q));
}
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add2(R accumulator, R x, R y) {
  x = S::loaded_once(x);
  y = S::loaded_once(y);
  return _mm256_or_ps(_mm256_max_ps(_mm256_max_ps(x, y), accumulator),
                      _mm256_cmp_ps(x, y, _CMP_UNORD_Q));
}
template <>
SPP_INLINE Propagate<double>::R Propagate<double>::add2(R accumulator, R x, R y) {
  x = S::loaded_once(x);
  y = S::loaded_once(y);
  return _mm256_or_pd(_mm256_max_pd(_mm256_max_pd(x, y), accumulator),
                      _mm256_cmp_pd(x, y, _CMP_UNORD_Q));
}
template <>
SPP_INLINE Propagate<float>::R Propagate<float>::add4(R accumulator, R x, R y, R z, R w) {
  return add2(add2(accumulator, x, y), z, w);
}
template <>
SPP_INLINE Propagate<double>::R Propagate<double>::add4(R accumulator, R x, R y, R z, R w) {
  return add2(add2(accumulator, x, y), z, w);
}

// Half precision: a blend of bytes is three operations, and GCC makes its mask anew.
using Int16 = Simd<std::int16_t>;

SPP_INLINE __m256i where(__m256i mask, __m256i yes, __m256i no) {
  return _mm256_or_si256(_mm256_and_si256(mask, yes), _mm256_andnot_si256(mask, no));
}
template <>
SPP_INLINE Int16::R Int16::where_less(R a, R b, R yes, R no) {
  return where(_mm256_cmpgt_epi16(b, a), yes, no);
}
template <>
SPP_INLINE Int16::R Int16::where_equal(R a, R b, R yes, R no) {
  return where(_mm256_cmpeq_epi16(a, b), yes, no);
}
template <>
SPP_INLINE Int16::R Int16::where_either_less(R a, R b, R c, R d, R yes, R no) {
  return where(_mm256_or_si256(_mm256_cmpgt_epi16(b, a), _mm256_cmpgt_epi16(d, c)), yes, no);
}

// ------------------------------------------------------------------------------- parts of registers

SPP_INLINE __m256i to_integers(__m256 x) { return _mm256_castps_si256(x); }
SPP_INLINE __m256i to_integers(__m256d x) { return _mm256_castpd_si256(x); }
SPP_INLINE __m256i to_integers(__m256i x) { return x; }

template <class T>
SPP_INLINE typename Simd<T>::R from_integers(__m256i x) {
  if constexpr (std::is_same_v<T, float>)
    return _mm256_castsi256_ps(x);
  else if constexpr (std::is_same_v<T, double>)
    return _mm256_castsi256_pd(x);
  else
    return x;
}

SPP_INLINE __m256i word_numbers() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
SPP_INLINE __m256i first_words(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), word_numbers());
}

// Lane k becomes lane k + distance; lanes that come from beyond the end hold anything.
template <class T>
SPP_INLINE typename Simd<T>::R shift_down(typename Simd<T>::R x, int distance) {
  if constexpr (sizeof(T) >= 4) {
    constexpr int words = sizeof(T) / 4;
    const __m256i from = _mm256_add_epi32(word_numbers(), _mm256_set1_epi32(words * distance));
    return from_integers<T>(_mm256_permutevar8x32_epi32(to_integers(x), from));
  } else {
    T lane[2 * Simd<T>::lanes] = {};
    Simd<T>::store(lane, x);
    return Simd<T>::load(lane + distance);
  }
}

// Copies fewer than 32 bytes without a call.
SPP_INLINE void copy_short(void *to, const void *from, int bytes) {
  char *const target = static_cast<char *>(to);
  const char *const source = static_cast<const char *>(from);
  // Two runs that may overlap.
  const auto copy_ends = [&](auto run) SPP_INLINE_LAMBDA {
    constexpr int size = run.value;
    char first[size];
    char last[size];
    std::memcpy(first, source, size);
    std::memcpy(last, source + bytes - size, size);
    std::memcpy(target, first, size);
    std::memcpy(target + bytes - size, last, size);
  };
  if (bytes >= 16)
    copy_ends(std::integral_constant<int, 16>{});
  else if (bytes >= 8)
    copy_ends(std::integral_constant<int, 8>{});
  else if (bytes >= 4)
    copy_ends(std::integral_constant<int, 4>{});
  else if (bytes >= 2)
    copy_ends(std::integral_constant<int, 2>{});
  else if (bytes == 1)
    *target = *source;
}

// The 0 to 3 bytes behind the last whole word of `bytes` bytes, without reading beyond them.
SPP_INLINE int last_word(const char *p, int bytes) {
  const int rest = bytes % 4;
  std::uint32_t word = 0;
  if (bytes >= 4) {
    std::memcpy(&word, p + bytes - 4, sizeof word);
    return static_cast<int>(static_cast<std::uint64_t>(word) >> (32 - 8 * rest));
  }
  copy_short(&word, p, rest);
  return static_cast<int>(word);
}

// The first n < lanes elements: never a byte more is read or written.
template <class T>
SPP_INLINE typename Simd<T>::R load_partial(const T *p, int n) {
  const int bytes = n * static_cast<int>(sizeof(T));
  const int words = bytes / 4;
  __m256i x = _mm256_maskload_epi32(reinterpret_cast<const int *>(p), first_words(words));
  if constexpr (sizeof(T) < 4) {
    const __m256i last = _mm256_set1_epi32(last_word(reinterpret_cast<const char *>(p), bytes));
    const __m256i place = _mm256_cmpeq_epi32(word_numbers(), _mm256_set1_epi32(words));
    x = _mm256_or_si256(x, _mm256_and_si256(last, place));
  }
  return from_integers<T>(x);
}
template <class T>
SPP_INLINE void store_partial(T *p, typename Simd<T>::R value, int n) {
  if constexpr (sizeof(T) >= 4) {
    constexpr int words = sizeof(T) / 4;
    _mm256_maskstore_epi32(reinterpret_cast<int *>(p), first_words(words * n), to_integers(value));
  } else {
    T lane[Simd<T>::lanes];
    Simd<T>::store(lane, value);
    copy_short(p, lane, n * static_cast<int>(sizeof(T)));
  }
}

}  // namespace spp::SPP_TIER_NAME
