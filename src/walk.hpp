// The innermost loops: a rectangle of pixels into accumulators in registers.
#pragma once

#include <cstdint>

#include "simd.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Pixels to read: pixel (y, x) begins at data + y * row + x * pixel.
template <class T>
struct Source {
  const T *data;
  std::int64_t row;
  std::int64_t pixel;

  SPP_INLINE const T *at(std::int64_t y, std::int64_t x) const {
    return data + y * row + x * pixel;
  }
};

template <class T, class Policy>
struct Walker {
  using S = Simd<T>;
  using R = typename S::R;
  static constexpr int lanes = S::lanes;

  // Accumulators in registers: half of the 16 of AVX2 and SSE; of 32 no more, since the values of
  // further pixels are in flight beside them.
  static constexpr int most_vectors = 8;

  // Pixels taken at once when all accumulators are in use: without AVX-512 two, since one test for
  // NaN serves both.
  static constexpr int least_step = sizeof(R) < 64 ? 2 : 1;

  // Adds height x width pixels of Vectors registers each.  With few accumulators several pixels are
  // reduced before the accumulator is touched: else the loop waits for its latency.
  template <int Vectors>
  static SPP_INLINE void walk(const T *data, const Source<T> &source, std::int64_t height,
                              std::int64_t width, R (&sums)[Vectors]) {
    constexpr int step = Vectors >= 8 ? least_step : Vectors >= 4 ? 2 : 4;
    const std::int64_t next = source.pixel;
    for (; height > 0; --height, data += source.row) {
      const T *pixel = data;
      std::int64_t left = width;
      if constexpr (step == 4)
        for (; left >= 4; left -= 4, pixel += 4 * next) add_four(pixel, next, sums);
      if constexpr (step == 1)
        for (; left >= 1; --left, pixel += next) add_one(pixel, sums);
      if constexpr (step >= 2)
        for (; left >= 2; left -= 2, pixel += 2 * next) add_two(pixel, next, sums);
      if constexpr (step > 1)
        if (left != 0) add_one(pixel, sums);
    }
  }

  template <int Vectors>
  static SPP_INLINE void clear(R (&sums)[Vectors]) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA { sums[k] = Policy::identity(); });
  }

  template <int Vectors>
  static SPP_INLINE void load(const T *from, R (&sums)[Vectors]) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA { sums[k] = S::load(from + k * lanes); });
  }

  // Canonical: the result is part of an output row, else scratch that is read again.
  template <bool Canonical, int Vectors>
  static SPP_INLINE void store(T *to, R (&sums)[Vectors]) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      S::store(to + k * lanes, Canonical ? canonical<T>(sums[k]) : sums[k]);
    });
  }

  // Calls block(Count<V>, c) for blocks of V registers that cover `channels` >= lanes channels.  The
  // last one overlaps the one before it where they do not divide: max is idempotent.
  template <int V>
  struct Count {
    static constexpr int value = V;
  };
  template <class Block>
  static SPP_INLINE void for_blocks(std::int64_t channels, Block block) {
    std::int64_t c = 0;
    for (; c + most_vectors * lanes <= channels; c += most_vectors * lanes)
      block(Count<most_vectors>{}, c);
    if (c + 4 * lanes <= channels) {
      block(Count<4>{}, c);
      c += 4 * lanes;
    }
    if (c + 2 * lanes <= channels) {
      block(Count<2>{}, c);
      c += 2 * lanes;
    }
    if (c + lanes <= channels) {
      block(Count<1>{}, c);
      c += lanes;
    }
    if (c < channels) block(Count<1>{}, channels - lanes);
  }

 private:
  template <int Vectors>
  static SPP_INLINE void add_one(const T *pixel, R (&sums)[Vectors]) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      sums[k] = Policy::add(sums[k], S::load(pixel + k * lanes));
    });
  }
  template <int Vectors>
  static SPP_INLINE void add_two(const T *pixel, std::int64_t next, R (&sums)[Vectors]) {
    const T *second = pixel + next;
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      sums[k] = Policy::add2(sums[k], S::load(pixel + k * lanes), S::load(second + k * lanes));
    });
  }
  template <int Vectors>
  static SPP_INLINE void add_four(const T *pixel, std::int64_t next, R (&sums)[Vectors]) {
    const T *second = pixel + next;
    const T *third = second + next;
    const T *fourth = third + next;
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      sums[k] = Policy::add4(sums[k], S::load(pixel + k * lanes), S::load(second + k * lanes),
                             S::load(third + k * lanes), S::load(fourth + k * lanes));
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
