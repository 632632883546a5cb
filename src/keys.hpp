// Elements as keys: floats and 32-bit integers as they are, narrower ones as 32-bit integers of the
// same order.  And positions in memory.  Included once per tier, by argmax.hpp.
#pragma once

#include "found.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// A position has the size of the key beside it.
template <class Key>
using IndexOf = std::conditional_t<sizeof(Key) == 8, std::int64_t, std::int32_t>;

// The key is the element.
template <class T>
struct SameKey {
  using Element = T;
  using Key = T;
  using S = Simd<T>;
  using R = typename S::R;

  static SPP_INLINE R load(const T *p) { return S::load(p); }
  static SPP_INLINE R load_some(const T *p, int n) { return load_partial<T>(p, n); }
  static SPP_INLINE void store(T *p, R key) { S::store(p, finished(key)); }
  static SPP_INLINE void store_some(T *p, R key, int n) { store_partial<T>(p, finished(key), n); }

 private:
  static SPP_INLINE R finished(R key) {
    if constexpr (std::is_integral_v<T>)
      return key;
    else
      return canonical<T>(key);
  }
};

// The key is made from the element, lane by lane: compilers turn these loops into conversions of
// registers.
template <class T, class KeyType, class Conversion>
struct MadeKey {
  using Element = T;
  using Key = KeyType;
  using S = Simd<Key>;
  using R = typename S::R;
  static constexpr int lanes = S::lanes;

  static SPP_INLINE R load(const T *p) {
    Key lane[lanes];
    for (int k = 0; k < lanes; ++k) lane[k] = Conversion::from(p[k]);
    return S::load(lane);
  }
  static SPP_INLINE R load_some(const T *p, int n) {
    T lane[lanes] = {};
    std::memcpy(lane, p, static_cast<std::size_t>(n) * sizeof(T));
    return load(lane);
  }
  static SPP_INLINE void store(T *p, R key) {
    if constexpr (!std::is_integral_v<Key>) key = canonical<Key>(key);
    Key lane[lanes];
    S::store(lane, key);
    for (int k = 0; k < lanes; ++k) p[k] = Conversion::to(lane[k]);
  }
  static SPP_INLINE void store_some(T *p, R key, int n) {
    T lane[lanes];
    store(lane, key);
    std::memcpy(p, lane, static_cast<std::size_t>(n) * sizeof(T));
  }
};

template <class T, class Key>
struct Cast {
  static SPP_INLINE Key from(T value) { return static_cast<Key>(value); }
  static SPP_INLINE T to(Key key) { return static_cast<T>(key); }
};

// All NaNs are one key, above or below those of all numbers, and both zeros are one.
template <class T, bool NanIsHighest>
struct HalfKey {
  static constexpr std::int32_t nan = NanIsHighest ? 0x7fffffff : -0x7fffffff - 1;

  static SPP_INLINE std::int32_t from(T value) {
    const std::int32_t magnitude = value.word & 0x7fff;
    const std::int32_t number = (value.word & 0x8000) != 0 ? -magnitude : magnitude;
    return magnitude > Bits<T>::infinity ? nan : number;
  }
  static SPP_INLINE T to(std::int32_t key) {
    if (key == nan) return {Bits<T>::canonical_nan};
    return {static_cast<std::uint16_t>(key < 0 ? -key | 0x8000 : key)};
  }
};

// Positions of one row or some cells in memory.
struct PositionArray {
  void *data;
  bool wide;  // std::int64_t, else std::int32_t

  SPP_INLINE PositionArray from(std::int64_t k) const {
    return {static_cast<char *>(data) + (wide ? 8 : 4) * k, wide};
  }
  // Most often a whole register of positions as they are.
  template <class Index>
  SPP_INLINE typename Simd<Index>::R load(int n) const {
    constexpr int lanes = Simd<Index>::lanes;
    if (n == lanes && wide == (sizeof(Index) == 8))
      return Simd<Index>::load(static_cast<const Index *>(data));
    Index lane[lanes] = {};
    if (wide)
      copy<lanes>(lane, static_cast<const std::int64_t *>(data), n);
    else
      copy<lanes>(lane, static_cast<const std::int32_t *>(data), n);
    return Simd<Index>::load(lane);
  }
  template <class Index>
  SPP_INLINE void store(typename Simd<Index>::R positions, int n) const {
    constexpr int lanes = Simd<Index>::lanes;
    if (n == lanes && wide == (sizeof(Index) == 8))
      return Simd<Index>::store(static_cast<Index *>(data), positions);
    // A copy: else GCC keeps the positions themselves in memory, in the loop over the pixels too.
    positions = Simd<Index>::loaded_once(positions);
    Index lane[lanes];
    Simd<Index>::store(lane, positions);
    if (wide)
      copy<lanes>(static_cast<std::int64_t *>(data), lane, n);
    else
      copy<lanes>(static_cast<std::int32_t *>(data), lane, n);
  }
  SPP_INLINE void fill_none(std::int64_t n) const {
    for (std::int64_t k = 0; k < n; ++k)
      if (wide)
        static_cast<std::int64_t *>(data)[k] = -1;
      else
        static_cast<std::int32_t *>(data)[k] = -1;
  }

 private:
  // The loop over whole registers is one that compilers turn into conversions of registers.
  template <int Lanes, class To, class From>
  static SPP_INLINE void copy(To *to, const From *from, int n) {
    if (n == Lanes)
      for (int k = 0; k < Lanes; ++k) to[k] = static_cast<To>(from[k]);
    else
      for (int k = 0; k < n; ++k) to[k] = static_cast<To>(from[k]);
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
