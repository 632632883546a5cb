// From lines to pixels: what lies side by side in several planes comes to lie behind each other.
#pragma once

#include "walk.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace spp::SPP_TIER_NAME {
namespace {

// A register as lanes of 128 bits, each with `square` elements of one plane.  `low` and `high`
// interleave the halves of the lanes of two registers, `even` and `odd` take every second lane.
template <class T>
struct Lanes {
  using R = typename Simd<T>::R;
  static constexpr int count = static_cast<int>(sizeof(R)) / 16;
  static constexpr int square = 16 / static_cast<int>(sizeof(T));

#if defined(__AVX2__)
  static SPP_INLINE __m128i lane(const T *p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  }
  static SPP_INLINE __m256i two_lanes(const T *p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(p));
  }
#endif

#if defined(__AVX512F__)
  using Raw = __m512i;
  template <int Spread>
  static SPP_INLINE Raw load(const T *p, std::int64_t apart) {
    if constexpr (Spread == 2)
      return _mm512_inserti64x4(_mm512_castsi256_si512(two_lanes(p)), two_lanes(p + apart), 1);
    if constexpr (Spread == 1) {
      const Raw two = _mm512_inserti32x4(_mm512_castsi128_si512(lane(p)), lane(p + apart), 1);
      return _mm512_inserti32x4(_mm512_inserti32x4(two, lane(p + 2 * apart), 2),
                                lane(p + 3 * apart), 3);
    }
  }
  static SPP_INLINE Raw low(Raw x, Raw y) {
    if constexpr (sizeof(T) == 1) return _mm512_unpacklo_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm512_unpacklo_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm512_unpacklo_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm512_unpacklo_epi64(x, y);
  }
  static SPP_INLINE Raw high(Raw x, Raw y) {
    if constexpr (sizeof(T) == 1) return _mm512_unpackhi_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm512_unpackhi_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm512_unpackhi_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm512_unpackhi_epi64(x, y);
  }
  static SPP_INLINE Raw even(Raw x, Raw y) { return _mm512_shuffle_i64x2(x, y, 0x88); }
  static SPP_INLINE Raw odd(Raw x, Raw y) { return _mm512_shuffle_i64x2(x, y, 0xdd); }
  // n <= 8 words, and others that are not read.
  static SPP_INLINE Raw half(const T *p, int n) {
    return _mm512_castsi256_si512(
        _mm256_maskz_loadu_epi32(static_cast<__mmask8>((1U << n) - 1), p));
  }
  // Any words of x, counted from 0, and of y, counted from 16.
  static SPP_INLINE Raw pick(Raw x, Raw y, Raw which) {
    return _mm512_permutex2var_epi32(x, which, y);
  }
#elif defined(__AVX2__)
  using Raw = __m256i;
  template <int Spread>
  static SPP_INLINE Raw load(const T *p, std::int64_t apart) {
    if constexpr (Spread == 2) return two_lanes(p);
    if constexpr (Spread == 1)
      return _mm256_inserti128_si256(_mm256_castsi128_si256(lane(p)), lane(p + apart), 1);
  }
  static SPP_INLINE Raw low(Raw x, Raw y) {
    if constexpr (sizeof(T) == 1) return _mm256_unpacklo_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm256_unpacklo_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm256_unpacklo_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm256_unpacklo_epi64(x, y);
  }
  static SPP_INLINE Raw high(Raw x, Raw y) {
    if constexpr (sizeof(T) == 1) return _mm256_unpackhi_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm256_unpackhi_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm256_unpackhi_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm256_unpackhi_epi64(x, y);
  }
  static SPP_INLINE Raw even(Raw x, Raw y) { return _mm256_permute2x128_si256(x, y, 0x20); }
  static SPP_INLINE Raw odd(Raw x, Raw y) { return _mm256_permute2x128_si256(x, y, 0x31); }
  static SPP_INLINE Raw pick(Raw x, Raw which) { return _mm256_permutevar8x32_epi32(x, which); }
#else
  // One lane.  The compilers know the two interleavings in this form.
  struct Raw {
    T element[square];
  };
  template <int Spread>
  static SPP_INLINE Raw load(const T *p, std::int64_t) {
    Raw result;
    std::memcpy(&result, p, sizeof result);
    return result;
  }
  static SPP_INLINE Raw low(Raw x, Raw y) { return interleaved(x, y, 0); }
  static SPP_INLINE Raw high(Raw x, Raw y) { return interleaved(x, y, square / 2); }
  static SPP_INLINE Raw interleaved(Raw x, Raw y, int first) {
    Raw result;
    for (int k = 0; k < square / 2; ++k) {
      result.element[2 * k] = x.element[first + k];
      result.element[2 * k + 1] = y.element[first + k];
    }
    return result;
  }
  static SPP_INLINE Raw even(Raw x, Raw) { return x; }
  static SPP_INLINE Raw odd(Raw, Raw y) { return y; }
#endif
};

// A tile: as many planes as a register has elements, `columns` columns of each, in as many registers.
// Each register holds Spread lanes of each of its planes.
template <class T, int Spread>
struct Tile {
  using L = Lanes<T>;
  using R = typename L::R;
  using Raw = typename L::Raw;
  static constexpr int square = L::square;
  static constexpr int columns = Spread * square;

  // Register k of the tile whose first plane is at p.
  static SPP_INLINE R load(const T *p, std::int64_t plane, int k) {
    return same_bits<R>(L::template load<Spread>(p + first_plane(k) * plane, square * plane));
  }
  // The same of the first n columns; the others are +0.
#if defined(__AVX512F__)
  static SPP_INLINE R load_some(const T *p, std::int64_t plane, int k, int n) {
    static_assert(Spread == 2);
    const auto mask = static_cast<__mmask32>(~0U >> (32 - n * static_cast<int>(sizeof(T))));
    const T *first = p + first_plane(k) * plane;
    return same_bits<R>(
        _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_maskz_loadu_epi8(mask, first)),
                           _mm256_maskz_loadu_epi8(mask, first + square * plane), 1));
  }
#elif defined(__AVX2__)
  static SPP_INLINE R load_some(const T *p, std::int64_t plane, int k, int n) {
    static_assert(Spread == 2);
    return load_partial<T>(p + first_plane(k) * plane, n);
  }
#endif

  // Stores the columns as pixels, `pixel` elements apart.
  static SPP_INLINE void store(R (&tile)[columns], T *pixels, std::int64_t pixel) {
    Raw raw[columns];
    repeat<columns>([&](int k) SPP_INLINE_LAMBDA { raw[k] = same_bits<Raw>(tile[k]); });
    turn(raw);
    // Then the lanes: register part * square + c has column c of the planes of its part.
    if constexpr (Spread == 2)
      repeat<square>([&](int c) SPP_INLINE_LAMBDA {
        const Raw x = raw[c], y = raw[square + c];
        raw[c] = L::even(x, y);
        raw[square + c] = L::odd(x, y);
      });
    repeat<columns>(
        [&](int c) SPP_INLINE_LAMBDA { std::memcpy(pixels + c * pixel, &raw[c], sizeof(Raw)); });
  }

  // The squares within the lanes.
  static SPP_INLINE void turn(Raw (&raw)[columns]) {
    repeat<Spread>([&](int part) SPP_INLINE_LAMBDA { turn_squares<square>(raw, part * square); });
  }

 private:
  // The planes of register k are this one and those a square further.
  static constexpr int first_plane(int k) {
    return Spread == 2 && L::count == 4 && k >= square ? k + square : k;
  }

  // Each step interleaves a register with the one half a square further.
  template <int Steps>
  static SPP_INLINE void turn_squares(Raw (&raw)[columns], int first) {
    if constexpr (Steps > 1) {
      Raw next[square];
      repeat<square / 2>([&](int k) SPP_INLINE_LAMBDA {
        next[2 * k] = L::low(raw[first + k], raw[first + k + square / 2]);
        next[2 * k + 1] = L::high(raw[first + k], raw[first + k + square / 2]);
      });
      repeat<square>([&](int k) SPP_INLINE_LAMBDA { raw[first + k] = next[k]; });
      turn_squares<Steps / 2>(raw, first);
    }
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
