// The ways to take a maximum: what a NaN does, and what an accumulator is.  Included by simd.hpp.
//
// A policy has: `identity`, the accumulator before the first value; `start`, that after it; `add`,
// which takes one value; `add2` and `add4`, which take more, so that the chain through the
// accumulator is short; `finish`, the value that an accumulator stands for; `join`, the maximum of
// two values; `load` and `store`, which keep accumulators in scratch.
#pragma once

#include "job.hpp"

namespace spp::SPP_TIER_NAME {

// What is written to an output row: one NaN, one zero (docs/values.md, section 2).
template <class T>
SPP_INLINE typename Simd<T>::R canonical(typename Simd<T>::R x) {
  using S = Simd<T>;
  return S::where_nan(x, S::fill(from_bits<T>(Bits<T>::canonical_nan)), S::plus_zero(x));
}

// The accumulator is a register of values.
template <class T>
struct OneRegister {
  using S = Simd<T>;
  using R = typename S::R;
  using Accumulator = R;
  static constexpr int registers = 1;

  static SPP_INLINE R load(const T *from) { return S::load(from); }
  static SPP_INLINE void store(T *to, R accumulator) { S::store(to, accumulator); }
  static SPP_INLINE R start(R x) { return x; }
};

// `is_result`: the value is part of an output row, else scratch that is read again.
template <class T>
struct FloatRegister : OneRegister<T> {
  using R = typename Simd<T>::R;
  static SPP_INLINE R finish(R accumulator, bool is_result) {
    return is_result ? canonical<T>(accumulator) : accumulator;
  }
};

// A NaN in the accumulator stays (`larger` keeps it), a NaN that comes in replaces it.
template <class T>
struct Propagate : FloatRegister<T> {
  using S = Simd<T>;
  using R = typename S::R;

  static SPP_INLINE R identity() { return S::fill(from_bits<T>(Bits<T>::lowest)); }
  static SPP_INLINE R add(R accumulator, R x) {
    return S::where_nan(x, x, S::larger(x, accumulator));
  }
  static SPP_INLINE R add2(R accumulator, R x, R y) { return add(accumulator, add(x, y)); }
  static SPP_INLINE R add4(R accumulator, R x, R y, R z, R w) {
    return add(accumulator, add(add(x, y), add(z, w)));
  }
  static SPP_INLINE R join(R x, R y) { return add(x, y); }
};

// NaN is the identity: it gives way to any number, and one that comes in changes nothing.
template <class T>
struct Ignore : FloatRegister<T> {
  using S = Simd<T>;
  using R = typename S::R;

  static SPP_INLINE R identity() { return S::fill(from_bits<T>(Bits<T>::canonical_nan)); }
  static SPP_INLINE R add(R accumulator, R x) {
    return S::where_nan(accumulator, x, S::larger(x, accumulator));
  }
  static SPP_INLINE R add2(R accumulator, R x, R y) { return add(accumulator, add(x, y)); }
  static SPP_INLINE R add4(R accumulator, R x, R y, R z, R w) {
    return add(accumulator, add(add(x, y), add(z, w)));
  }
  static SPP_INLINE R join(R x, R y) { return add(x, y); }
};

// Integers.
template <class T>
struct Largest : OneRegister<T> {
  using S = Simd<T>;
  using R = typename S::R;

  static SPP_INLINE R identity() { return S::fill(from_bits<T>(Bits<T>::lowest)); }
  static SPP_INLINE R add(R accumulator, R x) { return S::larger(x, accumulator); }
  static SPP_INLINE R add2(R accumulator, R x, R y) { return add(accumulator, add(x, y)); }
  static SPP_INLINE R add4(R accumulator, R x, R y, R z, R w) {
    return add(accumulator, add(add(x, y), add(z, w)));
  }
  static SPP_INLINE R join(R x, R y) { return add(x, y); }
  static SPP_INLINE R finish(R accumulator, bool) { return accumulator; }
};

// ----------------------------------------------------------------------------------- half precision

// Bits as signed integers ascend -0 ... -inf, -NaN, +0 ... +inf, +NaN.  The maximum of the numbers is
// the largest of these if that is not negative, else the smallest; NaNs of one sign or both disturb
// it.  So two integers are kept, the largest of x + Raise and the smallest of x + Lower, where
// additions wrap.  Adding `spare`, the number of NaNs of one sign, takes NaNs past an end of the
// order.  Max and min do not mind the order of their operands, so neither does the result.
template <class T, int Raise, int Lower>
struct TwoRegisters {
  using S = Simd<T>;
  using R = typename S::R;
  using I = typename S::Integers;
  struct Accumulator {
    R largest;
    R smallest;
  };
  static constexpr int registers = 2;

  static constexpr int infinity = Bits<T>::infinity;
  static constexpr int sign = -0x8000;
  static constexpr int spare = 0x7fff - infinity;

  static SPP_INLINE R fill(int value) { return I::fill(static_cast<std::int16_t>(value)); }
  template <int Offset>
  static SPP_INLINE R moved(R x) {
    if constexpr (Offset == 0)
      return x;
    else
      return x + fill(Offset);
  }

  static SPP_INLINE Accumulator identity() { return {fill(sign), fill(0x7fff)}; }
  static SPP_INLINE Accumulator start(R x) { return {moved<Raise>(x), moved<Lower>(x)}; }
  static SPP_INLINE Accumulator add(const Accumulator &a, R x) {
    x = I::loaded_once(x);
    return {I::larger(moved<Raise>(x), a.largest), I::smaller(moved<Lower>(x), a.smallest)};
  }
  static SPP_INLINE Accumulator add2(const Accumulator &a, R x, R y) { return add(add(a, x), y); }
  static SPP_INLINE Accumulator add4(const Accumulator &a, R x, R y, R z, R w) {
    return add2(add2(a, x, y), z, w);
  }

  // The second register has the second half of the scratch.
  static SPP_INLINE Accumulator load(const T *from) {
    return {S::load(from), S::load(from + second)};
  }
  static SPP_INLINE void store(T *to, const Accumulator &a) {
    S::store(to, a.largest);
    S::store(to + second, a.smallest);
  }
  static constexpr std::int64_t second = accumulator_bytes / 2 / std::int64_t{sizeof(T)};
};

// x + spare + sign: -NaNs wrap to the lowest integers, then +0 ... +NaN, then -0 ... -inf.
template <class T>
struct PropagateHalf : TwoRegisters<T, 0, 0x7fff - Bits<T>::infinity - 0x8000> {
  using Two = TwoRegisters<T, 0, 0x7fff - Bits<T>::infinity - 0x8000>;
  using typename Two::Accumulator;
  using typename Two::I;
  using typename Two::R;

  static SPP_INLINE R finish(const Accumulator &a, bool) {
    const R nan = Two::fill(Bits<T>::canonical_nan);
    const R lower = Two::fill(Two::spare + Two::sign);
    const R zero = Two::fill(0);
    const R negative = a.smallest - lower;
    R x = I::where_equal(negative, Two::fill(Two::sign), zero, negative);
    x = I::where_less(a.largest, zero, x, a.largest);
    return I::where_either_less(a.smallest, lower, Two::fill(Two::infinity), x, nan, x);
  }
  static SPP_INLINE R finish(R finished, bool) { return finished; }
  static SPP_INLINE R join(R x, R y) { return finish(Two::add(Two::start(x), y), false); }
};

// x + spare: +NaNs wrap to the lowest integers, -NaNs lie between -inf and +0.
template <class T>
struct IgnoreHalf : TwoRegisters<T, 0x7fff - Bits<T>::infinity, 0> {
  using Two = TwoRegisters<T, 0x7fff - Bits<T>::infinity, 0>;
  using typename Two::Accumulator;
  using typename Two::I;
  using typename Two::R;

  static SPP_INLINE R finish(const Accumulator &a, bool) {
    const R nan = Two::fill(Bits<T>::canonical_nan);
    const R raise = Two::fill(Two::spare);
    R x = I::where_equal(a.smallest, Two::fill(Two::sign), Two::fill(0), a.smallest);
    x = I::where_less(Two::fill(Two::sign + Two::infinity), a.smallest, nan, x);
    return I::where_less(a.largest, raise, x, a.largest - raise);
  }
  static SPP_INLINE R finish(R finished, bool) { return finished; }
  static SPP_INLINE R join(R x, R y) { return finish(Two::add(Two::start(x), y), false); }
};

}  // namespace spp::SPP_TIER_NAME
