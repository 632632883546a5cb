// From lines to pixels: what lies side by side in `group` lines comes to lie behind each other.
#pragma once

#include "walk.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace spp::SPP_TIER_NAME {
namespace {

// The register as lanes of 128 bits, each with `columns` elements of one line: `load` reads the lines
// first, first + columns, first + 2 * columns ..., one into each lane; `low` and `high` interleave
// the halves of the lanes of two registers.
template <class T>
struct Lanes {
  static constexpr int columns = 16 / sizeof(T);

#if defined(__AVX512F__)
  using R = __m512i;
  static SPP_INLINE __m128i lane(const T *p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  }
  static SPP_INLINE R load(const T *p, std::int64_t stride) {
    R result = _mm512_castsi128_si512(lane(p));
    result = _mm512_inserti32x4(result, lane(p + columns * stride), 1);
    result = _mm512_inserti32x4(result, lane(p + 2 * columns * stride), 2);
    return _mm512_inserti32x4(result, lane(p + 3 * columns * stride), 3);
  }
  static SPP_INLINE void store(T *p, R value) { _mm512_storeu_si512(p, value); }
  static SPP_INLINE R low(R x, R y) {
    if constexpr (sizeof(T) == 1) return _mm512_unpacklo_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm512_unpacklo_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm512_unpacklo_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm512_unpacklo_epi64(x, y);
  }
  static SPP_INLINE R high(R x, R y) {
    if constexpr (sizeof(T) == 1) return _mm512_unpackhi_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm512_unpackhi_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm512_unpackhi_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm512_unpackhi_epi64(x, y);
  }
#elif defined(__AVX2__)
  using R = __m256i;
  static SPP_INLINE __m128i lane(const T *p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  }
  static SPP_INLINE R load(const T *p, std::int64_t stride) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(lane(p)), lane(p + columns * stride), 1);
  }
  static SPP_INLINE void store(T *p, R value) {
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(p), value);
  }
  static SPP_INLINE R low(R x, R y) {
    if constexpr (sizeof(T) == 1) return _mm256_unpacklo_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm256_unpacklo_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm256_unpacklo_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm256_unpacklo_epi64(x, y);
  }
  static SPP_INLINE R high(R x, R y) {
    if constexpr (sizeof(T) == 1) return _mm256_unpackhi_epi8(x, y);
    if constexpr (sizeof(T) == 2) return _mm256_unpackhi_epi16(x, y);
    if constexpr (sizeof(T) == 4) return _mm256_unpackhi_epi32(x, y);
    if constexpr (sizeof(T) == 8) return _mm256_unpackhi_epi64(x, y);
  }
#else
  // One lane.  The compilers know the two interleavings in this form.
  struct R {
    T element[columns];
  };
  static SPP_INLINE R load(const T *p, std::int64_t) {
    R result;
    std::memcpy(&result, p, sizeof result);
    return result;
  }
  static SPP_INLINE void store(T *p, R value) { std::memcpy(p, &value, sizeof value); }
  static SPP_INLINE R low(R x, R y) { return interleaved(x, y, 0); }
  static SPP_INLINE R high(R x, R y) { return interleaved(x, y, columns / 2); }
  static SPP_INLINE R interleaved(R x, R y, int first) {
    R result;
    for (int k = 0; k < columns / 2; ++k) {
      result.element[2 * k] = x.element[first + k];
      result.element[2 * k + 1] = y.element[first + k];
    }
    return result;
  }
#endif
  static constexpr int lines = static_cast<int>(sizeof(R) / sizeof(T));  // of one register's lanes
};

// Pixels of a whole group of lines.
template <class T>
struct Turner {
  using L = Lanes<T>;
  static constexpr int columns = L::columns;

  // Channels that are turned together: what a cache line of the output has.
  static constexpr int group = 64 / sizeof(T);

  // `width` columns of `group` lines, `stride` elements apart, into pixels of `group` channels.  Not
  // an element beyond the width is read, none beyond `width` pixels written.
  static SPP_INLINE void turn(const T *lines, std::int64_t stride, std::int64_t width, T *pixels) {
    if (width < columns) {
      turn_some(lines, stride, width, group, pixels);
      return;
    }
    std::int64_t x = 0;
    for (; x + columns <= width; x += columns) turn_block(lines + x, stride, pixels + x * group);
    if (x < width) turn_block(lines + width - columns, stride, pixels + (width - columns) * group);
  }

  // The same for `count` lines, element by element; the other channels of the pixels are left alone.
  static void turn_some(const T *lines, std::int64_t stride, std::int64_t width, std::int64_t count,
                        T *pixels) {
    for (std::int64_t x = 0; x < width; ++x)
      for (std::int64_t k = 0; k < count; ++k) pixels[x * group + k] = lines[k * stride + x];
  }

 private:
  // One square per lane: each step interleaves a register with the one half the number further.
  static SPP_INLINE void turn_block(const T *lines, std::int64_t stride, T *pixels) {
    for (int part = 0; part < group / L::lines; ++part) {
      typename L::R square[columns];
      const T *first = lines + part * L::lines * stride;
      repeat<columns>([&](int k)
                          SPP_INLINE_LAMBDA { square[k] = L::load(first + k * stride, stride); });
      for_steps<columns>(square);
      repeat<columns>([&](int k) SPP_INLINE_LAMBDA {
        L::store(pixels + k * group + part * L::lines, square[k]);
      });
    }
  }

  template <int Steps>
  static SPP_INLINE void for_steps(typename L::R (&square)[columns]) {
    if constexpr (Steps > 1) {
      typename L::R next[columns];
      repeat<columns / 2>([&](int k) SPP_INLINE_LAMBDA {
        next[2 * k] = L::low(square[k], square[k + columns / 2]);
        next[2 * k + 1] = L::high(square[k], square[k + columns / 2]);
      });
      repeat<columns>([&](int k) SPP_INLINE_LAMBDA { square[k] = next[k]; });
      for_steps<Steps / 2>(square);
    }
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
