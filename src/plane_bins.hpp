// A band of narrow planes straight into bins: the elements of each bin are picked out of the lines and
// joined while those are turned, all in registers.  For elements of 4 bytes and AVX2 or AVX-512;
// all else is made into pixels first.
#pragma once

#include "plane_bands.hpp"

#if defined(__AVX2__)
#include "bin_plan.hpp"
#endif

namespace spp::SPP_TIER_NAME {
namespace {

#if !defined(__AVX2__)

template <class T, class Policy>
struct BinReader {
  static constexpr bool exists = false;
};

#else

template <class T, class Policy>
struct BinReader {
  using S = Simd<T>;
  using R = typename S::R;
  using L = Lanes<T>;
  using Raw = typename L::Raw;
  using Accumulator = typename Policy::Accumulator;
  static constexpr bool exists = sizeof(T) == 4 && Policy::registers == 1;

  using Plan = BinPlan<T>;
  using Way = typename Plan::Way;

  // Writes the bins of a band, `stride` elements apart.
  static void read(const Band<T> &band, const Plan &plan, bool is_result, T *result,
                   std::int64_t stride) {
    for (int plane = 0; plane < group; plane += lanes) {
      const Results to{result + plane, stride, is_result};
      Band<T> some = band;
      some.data += plane * band.channel;
      if (plan.way == Way::twos)
        with_rows<4>(band.height,
                     [&](auto rows) SPP_INLINE_LAMBDA { read_twos<rows.value>(some, plan, to); });
      else if (plan.way == Way::fours)
        with_rows<4>(band.height, [&](auto rows) SPP_INLINE_LAMBDA {
          read_fours<rows.value, false>(some, plan, to);
        });
      else if constexpr (is_wide)
        with_rows<8>(band.height, [&](auto rows) SPP_INLINE_LAMBDA {
          read_fours<rows.value, true>(some, plan, to);
        });
    }
  }

 private:
  static constexpr int group = group_of<T>;
  static constexpr int lanes = S::lanes;
  static constexpr bool is_wide = L::count == 4;
  static constexpr int most_steps = Plan::most_steps;

  struct Results {
    T *data;
    std::int64_t stride;
    bool is_result;
  };

  // f(Rows) with the height of a band, 1 to Most.
  template <int Most, class F>
  static SPP_INLINE void with_rows(std::int64_t height, F f) {
    if constexpr (Most > 1)
      if (height != Most) return with_rows<Most - 1>(height, f);
    f(std::integral_constant<int, Most>{});
  }

  template <int Rows, class Load>
  static SPP_INLINE Raw maxima(const T *data, std::int64_t row, Load load) {
    constexpr int first = (Rows - 1) % 4 + 1;
    Accumulator sum = first_rows<Policy, first>(data, row, load);
    if constexpr (Rows > 4) sum = four_rows<Policy>(sum, data + first * row, row, load);
    return same_bits<Raw>(sum);
  }

  static SPP_INLINE Raw join(Raw x, Raw y) {
    return same_bits<Raw>(Policy::join(same_bits<R>(x), same_bits<R>(y)));
  }

  // Each lane of the result: one bin of the planes x, y, x, y; it has two of its maxima each.
  static SPP_INLINE Raw interleave(Raw x, Raw y) { return join(L::low(x, y), L::high(x, y)); }

  // The columns of one plane: `second` has those behind the first 16.
  struct Columns {
    Raw first;
    Raw second;
  };

#if defined(__AVX512F__)
  template <int Rows, bool Eights>
  static SPP_INLINE Columns read_columns(const T *data, std::int64_t row, int width) {
    const int count = width < lanes ? width : lanes;
    const Raw first = maxima<Rows>(
        data, row, [&](const T *p) SPP_INLINE_LAMBDA { return load_partial<T>(p, count); });
    if (!Eights || width <= lanes) return {first, first};
    return {first, maxima<Rows>(data + lanes, row, [&](const T *p) SPP_INLINE_LAMBDA {
              return from_integers<T>(L::half(p, width - lanes));
            })};
  }
  static SPP_INLINE Raw pick_both(Raw x, Raw y, const Raw (&which)[2]) {
    return join(L::pick(x, y, which[0]), L::pick(x, y, which[1]));
  }
  static SPP_INLINE Raw pick_twos(Raw x, Raw y, const Raw (&which)[2]) {
    return pick_both(x, y, which);
  }
  template <bool Eights>
  static SPP_INLINE Raw pick_pair(const Columns &x, const Columns &y, const Raw (&which)[2]) {
    if constexpr (Eights)
      return interleave(pick_both(x.first, x.second, which), pick_both(y.first, y.second, which));
    else
      return pick_both(x.first, y.first, which);
  }
#else
  template <int Rows, bool>
  static SPP_INLINE Columns read_columns(const T *data, std::int64_t row, int) {
    const Raw first =
        maxima<Rows>(data, row, [](const T *p) SPP_INLINE_LAMBDA { return S::load(p); });
    return {first, first};
  }
  static SPP_INLINE Raw pick_twos(Raw x, Raw y, const Raw (&which)[2]) {
    x = L::pick(x, which[0]);
    y = L::pick(y, which[0]);
    return join(L::even(x, y), L::odd(x, y));
  }
  template <bool>
  static SPP_INLINE Raw pick_pair(const Columns &x, const Columns &y, const Raw (&which)[2]) {
    return interleave(L::pick(x.first, which[0]), L::pick(y.first, which[0]));
  }
#endif
  template <bool Eights>
  static SPP_INLINE Raw pick_fours(const Columns (&planes)[4], const Raw (&which)[2]) {
    using Pair = Lanes<std::int64_t>;
    const Raw x = pick_pair<Eights>(planes[0], planes[1], which);
    const Raw y = pick_pair<Eights>(planes[2], planes[3], which);
    return join(Pair::low(x, y), Pair::high(x, y));
  }

  // Register k has planes k, k + 4, k + 8 ..., eight columns each.
  template <int Rows>
  static SPP_APART void read_twos(const Band<T> &band, const Plan &plan, const Results &to) {
    const T *const data = band.data;
    const std::int64_t channel = band.channel;
    const std::int64_t row = band.row;
    const int width = plan.width;
    const auto columns = [&](int k) SPP_INLINE_LAMBDA {
      return maxima<Rows>(data, row, [&](const T *p) SPP_INLINE_LAMBDA {
        return Tile<T, 2>::load_some(p, channel, k, width);
      });
    };
    const int steps = plan.steps;
    const Raw which[2] = {plan.which[0][0], plan.which[0][1]};  // stay in registers
    Raw parts[most_steps][4];
    repeat<4>([&](int k) SPP_INLINE_LAMBDA {
      const Raw x = columns(k);
      const Raw y = columns(k + 4);
      parts[0][k] = pick_twos(x, y, which);
      for (int s = 1; s < steps; ++s) parts[s][k] = pick_twos(x, y, plan.which[s]);
    });
    for (int s = 0; s < steps; ++s) {
      Tile<T, 1>::turn(parts[s]);
      store(parts[s], plan, s, to);
    }
  }

  // A lane for each bin, with four planes at a time.
  template <int Rows, bool Eights>
  static SPP_APART void read_fours(const Band<T> &band, const Plan &plan, const Results &to) {
    const std::int64_t channel = band.channel;
    const std::int64_t row = band.row;
    const int width = plan.width;
    const int steps = plan.steps;
    const T *data = band.data;
    [[maybe_unused]] const Raw which[2] = {plan.which[0][0],
                                           plan.which[0][1]};  // stay in registers
    Raw parts[most_steps][L::count];
    for (int k = 0; k < L::count; ++k, data += 4 * channel) {
      if constexpr (is_wide) {
        Columns columns[4];
        repeat<4>([&](int p) SPP_INLINE_LAMBDA {
          columns[p] = read_columns<Rows, Eights>(data + p * channel, row, width);
        });
        parts[0][k] = pick_fours<Eights>(columns, which);
        for (int s = 1; s < steps; ++s) parts[s][k] = pick_fours<Eights>(columns, plan.which[s]);
      } else {
        for (int s = 0; s < steps; ++s) {
          Columns columns[4];
          repeat<4>([&](int p) SPP_INLINE_LAMBDA {
            columns[p] =
                read_columns<Rows, Eights>(data + p * channel + plan.column[s], row, width);
          });
          parts[s][k] = pick_fours<Eights>(columns, plan.which[s]);
        }
      }
    }
    for (int s = 0; s < steps; ++s) {
      turn_lanes(parts[s]);
      store(parts[s], plan, s, to);
    }
  }

  // Lane b of register k becomes lane k of register b.
  static SPP_INLINE void turn_lanes(Raw (&x)[L::count]) {
    if constexpr (is_wide) {
      const Raw first[2] = {L::even(x[0], x[1]), L::odd(x[0], x[1])};
      const Raw last[2] = {L::even(x[2], x[3]), L::odd(x[2], x[3])};
      x[0] = L::even(first[0], last[0]);
      x[1] = L::even(first[1], last[1]);
      x[2] = L::odd(first[0], last[0]);
      x[3] = L::odd(first[1], last[1]);
    } else {
      const Raw first = L::even(x[0], x[1]);
      x[1] = L::odd(x[0], x[1]);
      x[0] = first;
    }
  }

  template <int Count>
  static SPP_INLINE void store(const Raw (&bins)[Count], const Plan &plan, int step,
                               const Results &to) {
    T *const result = to.data + step * Count * to.stride;
    const std::int64_t stride = to.stride;
    const bool is_result = to.is_result;
    const int left = plan.bins - step * Count;
    repeat<Count>([&](int j) SPP_INLINE_LAMBDA {
      if (j < left) S::store(result + j * stride, Policy::finish(same_bits<R>(bins[j]), is_result));
    });
  }
};

#endif

}  // namespace
}  // namespace spp::SPP_TIER_NAME
