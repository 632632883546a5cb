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

// Planes to read: element (c, y, x) is at data + c * channel + y * row + x * column.
template <class T>
struct Planes {
  const T *data;
  std::int64_t channel;
  std::int64_t row;
  std::int64_t column;
};

// How the registers of a block lie: one behind the other; all but the first moved by `shift`; all but
// the last so, which ends where it would end without; or only the last one moved.
enum class Fit { plain, led, framed, tailed };

template <class T, class Policy>
struct Walker {
  using S = Simd<T>;
  using R = typename S::R;
  using Accumulator = typename Policy::Accumulator;
  static constexpr int lanes = S::lanes;

  // Accumulators in registers: half of the 16 of AVX2 and SSE; of 32 no more, since the values of
  // further pixels are in flight beside them.
  static constexpr int most_vectors = 8 / Policy::registers;

  // Pixels taken at once when all accumulators are in use: without AVX-512 two, since one test for
  // NaN serves both.
  static constexpr int least_step = sizeof(R) < 64 ? 2 : 1;

  // Adds height x width pixels of Vectors registers each.  With few accumulators several pixels are
  // reduced before the accumulator is touched: else the loop waits for its latency.
  template <int Vectors, Fit Way = Fit::plain>
  static SPP_INLINE void walk(const T *data, const Source<T> &source, std::int64_t height,
                              std::int64_t width, Accumulator (&sums)[Vectors],
                              std::int64_t shift = 0) {
    constexpr int registers = Vectors * Policy::registers;
    constexpr int step = registers >= 8 ? least_step : registers >= 4 ? 2 : 4;
    const std::int64_t next = source.pixel;
    for (; height > 0; --height, data += source.row) {
      const T *pixel = data;
      std::int64_t left = width;
      if constexpr (step == 4)
        for (; left >= 4; left -= 4, pixel += 4 * next) add_four<Way>(pixel, next, shift, sums);
      if constexpr (step == 1)
        for (; left >= 1; --left, pixel += next) add_one<Way>(pixel, shift, sums);
      if constexpr (step >= 2)
        for (; left >= 2; left -= 2, pixel += 2 * next) add_two<Way>(pixel, next, shift, sums);
      if constexpr (step > 1)
        if (left != 0) add_one<Way>(pixel, shift, sums);
    }
  }

  template <int Vectors>
  static SPP_INLINE void clear(Accumulator (&sums)[Vectors]) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA { sums[k] = Policy::identity(); });
  }

  // Accumulators in scratch.
  template <int Vectors, Fit Way = Fit::plain>
  static SPP_INLINE void load(const T *from, Accumulator (&sums)[Vectors], std::int64_t shift = 0) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      sums[k] = Policy::load(from + place<Way, Vectors>(k, shift));
    });
  }
  template <int Vectors, Fit Way = Fit::plain>
  static SPP_INLINE void store(T *to, Accumulator (&sums)[Vectors], std::int64_t shift = 0) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      Policy::store(to + place<Way, Vectors>(k, shift), sums[k]);
    });
  }

  // What the accumulators stand for.
  template <int Vectors, Fit Way = Fit::plain>
  static SPP_INLINE void finish(T *to, bool is_result, Accumulator (&sums)[Vectors],
                                std::int64_t shift = 0) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      S::store(to + place<Way, Vectors>(k, shift), Policy::finish(sums[k], is_result));
    });
  }

  // Calls block(Count<V, Shifted>, c, shift) for blocks of V registers that cover `channels` >= lanes
  // channels.  The last one overlaps the one before it where they do not divide: max is idempotent.
  //
  // `lead` > 0: the pixels begin that many elements before an aligned address.  Then the first
  // register of a pixel and its last are read as they are and all others at aligned addresses,
  // overlapping them: else each load would cross a line, which costs two.
  template <int V, Fit Way>
  struct Count {
    static constexpr int value = V;
    static constexpr Fit way = Way;
  };
  template <class Block>
  static SPP_INLINE void for_blocks(std::int64_t channels, int lead, Block block) {
    std::int64_t c = 0;
    if (lead != 0) {
      const std::int64_t shift = lead - lanes;
      if (channels == 4 * lanes) return block(Count<5, Fit::framed>{}, c, shift);
      if (channels == 2 * lanes) return block(Count<3, Fit::framed>{}, c, shift);
      if (most_vectors * lanes + shift <= channels) {
        block(Count<most_vectors, Fit::led>{}, c, shift);
        c = most_vectors * lanes + shift;
      } else if (most_vectors > 4 && 4 * lanes + shift <= channels) {
        block(Count<4, Fit::led>{}, c, shift);
        c = 4 * lanes + shift;
      } else {
        block(Count<2, Fit::led>{}, c, shift);
        c = 2 * lanes + shift;
      }
    }
    for (; c + most_vectors * lanes <= channels; c += most_vectors * lanes) {
      const std::int64_t rest = channels - c - most_vectors * lanes;
      if (lead != 0 && rest > 0 && rest < lanes)
        return block(Count<most_vectors + 1, Fit::tailed>{}, c, rest - lanes);
      block(Count<most_vectors, Fit::plain>{}, c, std::int64_t{0});
    }
    if constexpr (most_vectors > 4)
      if (c + 4 * lanes <= channels) {
        block(Count<4, Fit::plain>{}, c, std::int64_t{0});
        c += 4 * lanes;
      }
    if (c + 2 * lanes <= channels) {
      block(Count<2, Fit::plain>{}, c, std::int64_t{0});
      c += 2 * lanes;
    }
    if (c + lanes <= channels) {
      block(Count<1, Fit::plain>{}, c, std::int64_t{0});
      c += lanes;
    }
    if (c < channels) block(Count<1, Fit::plain>{}, channels - lanes, std::int64_t{0});
  }

  // The lead of pixels that all lie alike to the lines; 0 where they do not, or where it is not
  // worth it.
  static SPP_INLINE int lead_of(const Source<T> &source, std::int64_t channels) {
    constexpr std::int64_t bytes = sizeof(R);
    constexpr std::int64_t size = sizeof(T);
    const auto beyond =
        static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(source.data) % sizeof(R));
    const bool alike = (source.pixel * size) % bytes == 0 && (source.row * size) % bytes == 0;
    if (beyond == 0 || !alike || channels < 2 * lanes) return 0;
    return static_cast<int>((bytes - beyond) / size);
  }

 private:
  // Where register k of a block is.
  template <Fit Way, int Vectors>
  static SPP_INLINE std::int64_t place(int k, std::int64_t shift) {
    constexpr int last = Vectors - 1;
    if (Way == Fit::framed && k == last) return (k - 1) * lanes;
    const bool shifted = Way == Fit::tailed ? k == last : Way != Fit::plain && k > 0;
    return shifted ? k * lanes + shift : k * lanes;
  }

  template <Fit Way, int Vectors>
  static SPP_INLINE void add_one(const T *pixel, std::int64_t shift, Accumulator (&sums)[Vectors]) {
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      sums[k] = Policy::add(sums[k], S::load(pixel + place<Way, Vectors>(k, shift)));
    });
  }
  template <Fit Way, int Vectors>
  static SPP_INLINE void add_two(const T *pixel, std::int64_t next, std::int64_t shift,
                                 Accumulator (&sums)[Vectors]) {
    const T *second = pixel + next;
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      const std::int64_t at = place<Way, Vectors>(k, shift);
      sums[k] = Policy::add2(sums[k], S::load(pixel + at), S::load(second + at));
    });
  }
  template <Fit Way, int Vectors>
  static SPP_INLINE void add_four(const T *pixel, std::int64_t next, std::int64_t shift,
                                  Accumulator (&sums)[Vectors]) {
    const T *second = pixel + next;
    const T *third = second + next;
    const T *fourth = third + next;
    repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
      const std::int64_t at = place<Way, Vectors>(k, shift);
      sums[k] = Policy::add4(sums[k], S::load(pixel + at), S::load(second + at),
                             S::load(third + at), S::load(fourth + at));
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
