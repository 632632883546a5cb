// Vectors of SPP_VECTOR_BYTES: those of GCC and Clang, which know all operations that a gradient needs.
// Included once per tier, by gradient_kernel.hpp.
#pragma once

#include <cstdint>
#include <cstring>

#include "gradient_values.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace spp::SPP_TIER_NAME {
namespace {

template <class T, int Count>
struct VectorOf {
  typedef T Type __attribute__((vector_size(sizeof(T) * Count)));
};
template <class T, int Count>
using Vector = typename VectorOf<T, Count>::Type;

template <class V, class T>
SPP_VALUE V load(const T *from) {
  V vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}
template <class V, class T>
SPP_VALUE void store(T *to, V vector) {
  std::memcpy(to, &vector, sizeof vector);
}

// Past the caches; `to` is aligned to the vector.
template <class V, class T>
SPP_VALUE void stream(T *to, V vector) {
#if defined(__AVX512F__)
  _mm512_stream_si512(reinterpret_cast<__m512i *>(to), bits_as<__m512i>(vector));
#elif defined(__AVX2__)
  _mm256_stream_si256(reinterpret_cast<__m256i *>(to), bits_as<__m256i>(vector));
#else
  store(to, vector);
#endif
}

SPP_VALUE void end_of_stream() {
#if defined(__AVX2__)
  _mm_sfence();
#endif
}

// Calls visit(c) so that vectors of Count elements from c on cover [0, count); the last one may lie
// partly on the one before.  count is at least Count.
template <int Count, class Visit>
SPP_VALUE void for_vectors(std::int64_t count, Visit visit) {
  std::int64_t c = 0;
  for (; c + Count <= count; c += Count) visit(c);
  if (c != count) visit(count - Count);
}

// f(0), f(1) ... f(Count - 1), written out, each number a type.
template <int Number>
struct Constant {
  static constexpr int value = Number;
};
template <int Count, class F>
SPP_VALUE void repeat(F f) {
  if constexpr (Count > 0) {
    repeat<Count - 1>(f);
    f(Constant<Count - 1>());
  }
}

template <class V>
SPP_VALUE bool any(V vector) {
  std::uint64_t words[sizeof(V) / 8];
  std::memcpy(words, &vector, sizeof vector);
  std::uint64_t all = 0;
  for (const std::uint64_t word : words) all |= word;
  return all != 0;
}

}  // namespace
}  // namespace spp::SPP_TIER_NAME
