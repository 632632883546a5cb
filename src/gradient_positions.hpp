// The check of positions, and their copies as int32_t.  Included once per tier, by
// gradient_kernel.hpp.
#pragma once

#include <cstdint>

#include "gradient_vectors.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// With 1 added, -1 is 0 and what is less is large.
bool are_below(const std::int32_t *positions, std::int64_t count, std::int64_t end) {
  constexpr int lanes = SPP_VECTOR_BYTES / 4;
  using V = Vector<std::uint32_t, lanes>;
  V largest{};
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    __builtin_prefetch(positions + k + 1024);
    const V next = load<V>(positions + k) + 1U;
    largest = next > largest ? next : largest;
  }
  bool below = !any(largest > static_cast<std::uint32_t>(end));
  for (; k < count; ++k)
    below &= static_cast<std::uint32_t>(positions[k]) + 1U <= static_cast<std::uint32_t>(end);
  return below;
}

// The lower halves of the integers of two vectors.  A conversion would go through half vectors.
template <class Halves, class Wide>
SPP_VALUE Halves lower_halves(Wide a, Wide b) {
  const Halves x = bits_as<Halves>(a);
  const Halves y = bits_as<Halves>(b);
  if constexpr (sizeof(Halves) == 16) {
    return __builtin_shufflevector(x, y, 0, 2, 4, 6);
  } else if constexpr (sizeof(Halves) == 32) {
    return __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14);
  } else {
    return __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  }
}

// Of 64 bits with 1 added the upper half is to be 0, and the lower one is looked at as above.
bool narrow(const std::int64_t *from, std::int64_t count, std::int64_t end, std::int32_t *to) {
  constexpr int lanes = SPP_VECTOR_BYTES / 4;
  using Wide = Vector<std::uint64_t, lanes / 2>;
  using V = Vector<std::uint32_t, lanes>;
  Wide all{};
  V largest{};
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    const Wide a = load<Wide>(from + k) + 1U;
    const Wide b = load<Wide>(from + k + lanes / 2) + 1U;
    const V lower = lower_halves<V>(a, b);
    all |= a | b;
    largest = lower > largest ? lower : largest;
    store(to + k, lower - 1U);
  }
  bool below = !any(all >> 32) && !any(largest > static_cast<std::uint32_t>(end));
  for (; k < count; ++k) {
    below &= static_cast<std::uint64_t>(from[k]) + 1U <= static_cast<std::uint64_t>(end);
    to[k] = static_cast<std::int32_t>(from[k]);
  }
  return below;
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
