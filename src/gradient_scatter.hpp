// Gradients of float added where their positions say, for tiers with a scatter instruction.  Included
// once per tier, by gradient_kernel.hpp.
#pragma once

#include <cstdint>

#include "gradient_vectors.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

#if defined(__AVX512F__)

SPP_VALUE __m512i load_positions(const std::int32_t *from, __mmask16 wanted) {
  return _mm512_maskz_loadu_epi32(wanted, from);
}
SPP_VALUE __m512i load_positions(const std::int64_t *from, __mmask16 wanted) {
  const __m256i low =
      _mm512_cvtepi64_epi32(_mm512_maskz_loadu_epi64(static_cast<__mmask8>(wanted), from));
  const __m256i high =
      _mm512_cvtepi64_epi32(_mm512_maskz_loadu_epi64(static_cast<__mmask8>(wanted >> 8), from + 8));
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

// The channels of a bin are in different elements, so that the lanes never meet.
template <class Index>
void scatter(const void *bin_positions, const float *gradients, std::int64_t count,
             std::int32_t stride, std::int64_t ahead, float *map) {
  const auto *positions = static_cast<const Index *>(bin_positions);
  const __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512 canonical_nan = _mm512_castsi512_ps(_mm512_set1_epi32(0x7fc00000));
  for (std::int64_t c = 0; c < count; c += 16) {
    const auto wanted = static_cast<__mmask16>(count - c < 16 ? (1U << (count - c)) - 1U : 0xffffU);
    _mm_prefetch(gradients + c + ahead, _MM_HINT_T0);
    _mm_prefetch(positions + c + ahead, _MM_HINT_T0);
    const __m512i position = load_positions(positions + c, wanted);
    const __mmask16 is_there =
        _mm512_mask_cmpge_epi32_mask(wanted, position, _mm512_setzero_si512());
    const __m512i place =
        _mm512_add_epi32(_mm512_mullo_epi32(position, _mm512_set1_epi32(stride)), numbers);
    const __m512 before =
        _mm512_mask_i32gather_ps(_mm512_setzero_ps(), is_there, place, map + c, 4);
    const __m512 sum = _mm512_add_ps(before, _mm512_maskz_loadu_ps(wanted, gradients + c));
    const __mmask16 is_nan = _mm512_cmp_ps_mask(sum, sum, _CMP_UNORD_Q);
    _mm512_mask_i32scatter_ps(map + c, is_there, place,
                              _mm512_mask_mov_ps(sum, is_nan, canonical_nan), 4);
  }
}

#define SPP_SCATTER {scatter<std::int32_t>, scatter<std::int64_t>}

#else

#define SPP_SCATTER {nullptr, nullptr}

#endif

}  // namespace
}  // namespace spp::SPP_TIER_NAME
