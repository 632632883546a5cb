// Input values for the tests, as bit patterns.  A value depends on its position alone, with a prime
// period that no block size divides, so that swapped or shifted blocks cannot cancel.
#ifndef SPP_TESTS_SUPPORT_PAINT_HPP
#define SPP_TESTS_SUPPORT_PAINT_HPP

#include <cstdint>

#include "oracle.hpp"

enum class Paint {
  numbers,      // finite, both signs, many different
  negatives,    // finite and below zero: a maximum that began at 0 shows
  zeros,        // +0 and -0, few subnormals and negatives
  subnormals,   // both signs, and zeros
  infinities,   // +inf, -inf, the largest finite numbers
  lowest,       // nearly all -inf: a maximum that began at the lowest finite number shows
  few_nans,     // one in 61 is a NaN
  many_nans,    // two in five are
  nearly_nans,  // all but one in 13
  only_nans     // not among those that sweeps rotate through: it shows little but this
};
constexpr int paint_count = 9;

// NaNs come in all kinds: both signs, quiet and signalling, several payloads.  Integers have their
// smallest and largest values for infinities, and few different values for NaNs.
oracle::Value painted(oracle::Type type, Paint paint, std::int64_t position);

// The same for float32.
std::uint32_t painted(Paint paint, std::int64_t position);

const char *paint_name(Paint paint);

#endif
