// A maximum and where it was found: keys, which are compared, and positions, in the lanes of two
// registers.  Included once per tier, by argmax.hpp.
#pragma once

#include "simd.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Masks of keys, and what they select.  Positions have the size of the keys, and are selected as
// keys of the same bits: xsimd's masks of floats and of integers are different types.
template <class Key>
struct Masks {
  using R = typename Simd<Key>::R;
#if defined(SPP_TIER_IS_PORTABLE)
  using Mask = decltype(R{} > R{});
  static SPP_INLINE Mask both(Mask x, Mask y) { return x & y; }
  static SPP_INLINE Mask either(Mask x, Mask y) { return x | y; }
  static SPP_INLINE Mask but_not(Mask x, Mask y) { return x & ~y; }
  static SPP_INLINE Mask is_nan(R x) { return x != x; }
  static SPP_INLINE R where(Mask mask, R yes, R no) { return mask ? yes : no; }
#else
  using Mask = typename R::batch_bool_type;
  static SPP_INLINE Mask both(Mask x, Mask y) { return x && y; }
  static SPP_INLINE Mask either(Mask x, Mask y) { return x || y; }
  static SPP_INLINE Mask but_not(Mask x, Mask y) { return x && !y; }
  static SPP_INLINE Mask is_nan(R x) { return xsimd::isnan(x); }
  static SPP_INLINE R where(Mask mask, R yes, R no) { return xsimd::select(mask, yes, no); }
#endif
  template <class P>
  static SPP_INLINE P where_position(Mask mask, P yes, P no) {
    return same_bits<P>(where(mask, same_bits<R>(yes), same_bits<R>(no)));
  }
};

// An order of keys has: `identity`, the accumulator before the first key, which no key comes behind;
// `begins_at_first`, whether its position is that of the first key, so that it is right where all
// keys equal it, or none; `before`, which keys come before others whatever their positions; `equal`,
// which are equal; `take`, which takes a key that comes before the one that is kept.

template <class Order, class Key>
struct Ordered {
  using M = Masks<Key>;
  using R = typename M::R;

  template <class P>
  static SPP_INLINE void take(R key, P position, R &kept, P &kept_position) {
    const auto taken = Order::before(key, kept);
    kept = M::where(taken, key, kept);
    kept_position = M::where_position(taken, position, kept_position);
  }
};

// NaN before all numbers.
template <class Key>
struct NanFirst : Ordered<NanFirst<Key>, Key> {
  using M = Masks<Key>;
  using R = typename M::R;
  static constexpr bool begins_at_first = true;

  static SPP_INLINE R identity() { return Simd<Key>::fill(from_bits<Key>(Bits<Key>::lowest)); }
  static SPP_INLINE typename M::Mask before(R x, R y) {
    return M::either(x > y, M::but_not(M::is_nan(x), M::is_nan(y)));
  }
  static SPP_INLINE typename M::Mask equal(R x, R y) {
    return M::either(x == y, M::both(M::is_nan(x), M::is_nan(y)));
  }
};

// NaN behind all numbers: it is not found anywhere.
template <class Key>
struct NanLast : Ordered<NanLast<Key>, Key> {
  using M = Masks<Key>;
  using R = typename M::R;
  static constexpr bool begins_at_first = false;

  static SPP_INLINE R identity() {
    return Simd<Key>::fill(from_bits<Key>(Bits<Key>::canonical_nan));
  }
  static SPP_INLINE typename M::Mask before(R x, R y) {
    return M::either(x > y, M::but_not(M::is_nan(y), M::is_nan(x)));
  }
  static SPP_INLINE typename M::Mask equal(R x, R y) { return x == y; }
};

// Integers.
template <class Key, bool BeginsAtFirst>
struct Descending : Ordered<Descending<Key, BeginsAtFirst>, Key> {
  using M = Masks<Key>;
  using R = typename M::R;
  static constexpr bool begins_at_first = BeginsAtFirst;

  static SPP_INLINE R identity() { return Simd<Key>::fill(from_bits<Key>(Bits<Key>::lowest)); }
  static SPP_INLINE typename M::Mask before(R x, R y) { return x > y; }
  static SPP_INLINE typename M::Mask equal(R x, R y) { return x == y; }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME

#if defined(__AVX512F__)
#include "found_avx512.hpp"
#elif defined(__AVX2__)
#include "found_avx2.hpp"
#endif

namespace spp::SPP_TIER_NAME {
namespace {

// `Count` registers of each.
template <class Key, class Index, class Order, int Count>
struct Found {
  using M = Masks<Key>;
  using R = typename Simd<Key>::R;
  using P = typename Simd<Index>::R;
  static_assert(sizeof(Key) == sizeof(Index), "as many lanes");

  R keys[Count];
  P positions[Count];

  SPP_INLINE void clear(Index first) {
    const P position = Simd<Index>::fill(Order::begins_at_first ? first : Index{-1});
    repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
      keys[k] = Order::identity();
      positions[k] = position;
    });
  }

  // A key behind all earlier ones: among equal ones the first stays.
  SPP_INLINE void add(int k, R key, P position) {
    Order::take(key, position, keys[k], positions[k]);
  }

  // In any order.
  SPP_INLINE void join(int k, R key, P position) {
    positions[k] = M::where_position(Order::equal(key, keys[k]),
                                     Simd<Index>::smaller(position, positions[k]), positions[k]);
    Order::take(key, position, keys[k], positions[k]);
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
