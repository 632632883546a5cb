// Where AVX2 has better than masks made of three compares.  Included by found.hpp.
#pragma once

namespace spp::SPP_TIER_NAME {
namespace {

// A NaN that comes in is kept as all ones, whatever it was.  Then the bits of what is kept change
// just where a key is taken: maxps gives its second operand for equal zeros and where either is NaN.
template <>
template <class P>
SPP_INLINE void Ordered<NanFirst<float>, float>::take(R key, P position, R &kept,
                                                      P &kept_position) {
  const __m256 next = _mm256_or_ps(_mm256_max_ps(key, kept), _mm256_cmp_ps(key, key, _CMP_UNORD_Q));
  const __m256i same = _mm256_cmpeq_epi32(_mm256_castps_si256(next), _mm256_castps_si256(kept));
  kept_position = _mm256_blendv_epi8(position, kept_position, same);
  kept = next;
}
template <>
template <class P>
SPP_INLINE void Ordered<NanFirst<double>, double>::take(R key, P position, R &kept,
                                                        P &kept_position) {
  const __m256d next =
      _mm256_or_pd(_mm256_max_pd(key, kept), _mm256_cmp_pd(key, key, _CMP_UNORD_Q));
  const __m256i same = _mm256_cmpeq_epi64(_mm256_castpd_si256(next), _mm256_castpd_si256(kept));
  kept_position = _mm256_blendv_epi8(position, kept_position, same);
  kept = next;
}

// Greater or not ordered, and not NaN.
template <>
template <class P>
SPP_INLINE void Ordered<NanLast<float>, float>::take(R key, P position, R &kept, P &kept_position) {
  const __m256 taken =
      _mm256_and_ps(_mm256_cmp_ps(key, kept, _CMP_NLE_UQ), _mm256_cmp_ps(key, key, _CMP_ORD_Q));
  kept_position = _mm256_blendv_epi8(kept_position, position, _mm256_castps_si256(taken));
  kept = _mm256_blendv_ps(kept, key, taken);
}
template <>
template <class P>
SPP_INLINE void Ordered<NanLast<double>, double>::take(R key, P position, R &kept,
                                                       P &kept_position) {
  const __m256d taken =
      _mm256_and_pd(_mm256_cmp_pd(key, kept, _CMP_NLE_UQ), _mm256_cmp_pd(key, key, _CMP_ORD_Q));
  kept_position = _mm256_blendv_epi8(kept_position, position, _mm256_castpd_si256(taken));
  kept = _mm256_blendv_pd(kept, key, taken);
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
