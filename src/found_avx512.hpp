// Where AVX-512 has better than masks made of three compares.  Included by found.hpp.
#pragma once

namespace spp::SPP_TIER_NAME {
namespace {

// A NaN that comes in is kept as the default NaN (3 in the table of fixupimm, see simd_avx512.hpp),
// whatever it was.  Then the bits of what is kept change just where a key is taken: maxps gives its
// second operand for equal zeros and where either is NaN.
template <>
template <class P>
SPP_INLINE void Ordered<NanFirst<float>, float>::take(R key, P position, R &kept,
                                                      P &kept_position) {
  const __m512 next = fix_up<0x33>(_mm512_max_ps(key, kept), key);
  const __mmask16 taken =
      _mm512_cmpneq_epi32_mask(_mm512_castps_si512(next), _mm512_castps_si512(kept));
  kept_position = _mm512_mask_mov_epi32(kept_position, taken, position);
  kept = next;
}
template <>
template <class P>
SPP_INLINE void Ordered<NanFirst<double>, double>::take(R key, P position, R &kept,
                                                        P &kept_position) {
  const __m512d next = fix_up<0x33>(_mm512_max_pd(key, kept), key);
  const __mmask8 taken =
      _mm512_cmpneq_epi64_mask(_mm512_castpd_si512(next), _mm512_castpd_si512(kept));
  kept_position = _mm512_mask_mov_epi64(kept_position, taken, position);
  kept = next;
}

// Greater or not ordered, and not NaN.
template <>
template <class P>
SPP_INLINE void Ordered<NanLast<float>, float>::take(R key, P position, R &kept, P &kept_position) {
  const __mmask16 taken =
      _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(key, key, _CMP_ORD_Q), key, kept, _CMP_NLE_UQ);
  kept_position = _mm512_mask_mov_epi32(kept_position, taken, position);
  kept = _mm512_mask_mov_ps(kept, taken, key);
}
template <>
template <class P>
SPP_INLINE void Ordered<NanLast<double>, double>::take(R key, P position, R &kept,
                                                       P &kept_position) {
  const __mmask8 taken =
      _mm512_mask_cmp_pd_mask(_mm512_cmp_pd_mask(key, key, _CMP_ORD_Q), key, kept, _CMP_NLE_UQ);
  kept_position = _mm512_mask_mov_epi64(kept_position, taken, position);
  kept = _mm512_mask_mov_pd(kept, taken, key);
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
