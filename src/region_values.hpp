// What a block of shared regions holds, and how its maxima are written: see region_kernel.hpp.
#pragma once

#include "simd.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

#if defined(__AVX512F__)
constexpr bool can_stream = true;
constexpr int registers = 32;
SPP_INLINE void store_past_caches(float *to, Simd<float>::R x) { _mm512_stream_ps(to, x); }
SPP_INLINE void end_stores() { _mm_sfence(); }
#elif defined(__AVX2__)
constexpr bool can_stream = true;
constexpr int registers = 16;
SPP_INLINE void store_past_caches(float *to, Simd<float>::R x) { _mm256_stream_ps(to, x); }
SPP_INLINE void end_stores() { _mm_sfence(); }
#else
constexpr bool can_stream = false;
constexpr int registers = 16;
SPP_INLINE void store_past_caches(float *to, Simd<float>::R x) { Simd<float>::store(to, x); }
SPP_INLINE void end_stores() {}
#endif

struct FloatValues {
  using S = Simd<float>;
  using R = S::R;
  static SPP_INLINE R load(const float *from) { return S::load(from); }
  static SPP_INLINE void keep(float *to, R x) { S::store(to, x); }
  static SPP_INLINE R larger(R x, R y) { return S::larger(x, y); }
  static SPP_INLINE R filled(float number) { return S::fill(number); }
  static SPP_INLINE R least() { return filled(from_bits<float>(Bits<float>::lowest)); }
  static SPP_INLINE Simd<float>::R value(R x) { return x; }
};

// The integer of a number that is not negative is its bits, that of a negative one has the bits
// behind the sign turned.  NaN is the canonical one's where it spreads, and there the largest; else
// the smallest of all.
struct KeyValues {
  using S = Simd<std::int32_t>;
  using R = S::R;
  static constexpr std::int32_t magnitude = 0x7fffffff;
  static constexpr std::int32_t skipped_nan = -magnitude - 1;

  static std::int32_t key(float number, bool ignore_nan) {
    if (number != number)
      return ignore_nan ? skipped_nan : static_cast<std::int32_t>(Bits<float>::canonical_nan);
    std::int32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    return bits < 0 ? bits ^ magnitude : bits;
  }

  static SPP_INLINE R load(const float *from) {
    return S::load(reinterpret_cast<const std::int32_t *>(from));
  }
  static SPP_INLINE void keep(float *to, R x) { S::store(reinterpret_cast<std::int32_t *>(to), x); }
  static SPP_INLINE R larger(R x, R y) { return S::larger(x, y); }
  static SPP_INLINE R filled(float number) { return S::fill(key(number, false)); }
  static SPP_INLINE R least() { return S::fill(skipped_nan); }
  static SPP_INLINE Simd<float>::R value(R x) {
    const R number = S::where_less(x, S::fill(0), x ^ S::fill(magnitude), x);
    const R result =
        S::where_equal(x, S::fill(skipped_nan),
                       S::fill(static_cast<std::int32_t>(Bits<float>::canonical_nan)), number);
    float lane[Simd<float>::lanes];
    std::memcpy(lane, &result, sizeof lane);
    return Simd<float>::load(lane);
  }
};

// How regions of a block are pooled.
template <class ValuesOf, bool PastCaches, int Depth>
struct RegionForm {
  using Values = ValuesOf;
  static constexpr bool stream = PastCaches;
  static constexpr int depth = Depth;  // of the block
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
