// Parts of registers where an instruction set has no masks: through memory.  Included by simd.hpp.
#pragma once

namespace spp::SPP_TIER_NAME {

// Lane k becomes lane k + distance; lanes that come from beyond the end hold anything.
template <class T>
SPP_INLINE typename Simd<T>::R shift_down(typename Simd<T>::R x, int distance) {
  constexpr int lanes = Simd<T>::lanes;
  T lane[2 * lanes] = {};
  Simd<T>::store(lane, x);
  return Simd<T>::load(lane + distance);
}

// The first n < lanes elements: never a byte more is read or written.
template <class T>
SPP_INLINE typename Simd<T>::R load_partial(const T *p, int n) {
  T lane[Simd<T>::lanes] = {};
  std::memcpy(lane, p, static_cast<std::size_t>(n) * sizeof(T));
  return Simd<T>::load(lane);
}
template <class T>
SPP_INLINE void store_partial(T *p, typename Simd<T>::R value, int n) {
  T lane[Simd<T>::lanes];
  Simd<T>::store(lane, value);
  std::memcpy(p, lane, static_cast<std::size_t>(n) * sizeof(T));
}

}  // namespace spp::SPP_TIER_NAME
