#include "roof_loops.hpp"

#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace spp_bench {
namespace {

using std::size_t;

#if defined(__AVX512F__)
using Vector = __m512;
Vector load(const float *p) { return _mm512_loadu_ps(p); }
Vector larger(Vector a, Vector b) { return _mm512_mask_max_ps(a, 0xffff, a, b); }
void store(float *p, Vector v) { _mm512_storeu_ps(p, v); }
void stream(float *p, Vector v) { _mm512_stream_ps(p, v); }
void fence() { _mm_sfence(); }
#elif defined(__AVX2__)
using Vector = __m256;
Vector load(const float *p) { return _mm256_loadu_ps(p); }
Vector larger(Vector a, Vector b) { return _mm256_max_ps(a, b); }
void store(float *p, Vector v) { _mm256_storeu_ps(p, v); }
void stream(float *p, Vector v) { _mm256_stream_ps(p, v); }
void fence() { _mm_sfence(); }
#elif defined(__x86_64__)
using Vector = __m128;
Vector load(const float *p) { return _mm_loadu_ps(p); }
Vector larger(Vector a, Vector b) { return _mm_max_ps(a, b); }
void store(float *p, Vector v) { _mm_storeu_ps(p, v); }
void stream(float *p, Vector v) { _mm_stream_ps(p, v); }
void fence() { _mm_sfence(); }
#elif defined(__aarch64__)
using Vector = float32x4_t;
Vector load(const float *p) { return vld1q_f32(p); }
Vector larger(Vector a, Vector b) { return vmaxq_f32(a, b); }
void store(float *p, Vector v) { vst1q_f32(p, v); }
void stream(float *p, Vector v) { vst1q_f32(p, v); }
void fence() {}
#else
using Vector = float;
Vector load(const float *p) { return *p; }
Vector larger(Vector a, Vector b) { return a > b ? a : b; }
void store(float *p, Vector v) { *p = v; }
void stream(float *p, Vector v) { *p = v; }
void fence() {}
#endif

constexpr size_t lanes = sizeof(Vector) / sizeof(float);

// Stores the vectors that were read last, so that the data varies as a kernel's output does.
template <bool Streamed, size_t... S>
void store_burst(float *output, const Vector *latest, std::index_sequence<S...>) {
  if constexpr (Streamed) {
    (stream(output + S * lanes, latest[S]), ...);
  } else {
    (store(output + S * lanes, latest[S]), ...);
  }
}

// Bursts of stores between the reads until the output is full, then the rest of the input.  What is
// left of the output goes out at the end: all of it, if blocks_per_burst exceeds the input.
// Index packs, not loops over arrays: a compiler that leaves an array on the stack is no roof.
template <bool Streamed, size_t Stores, size_t... K>
void read_and_write(const Traffic &traffic, std::index_sequence<K...>) {
  constexpr size_t accumulators = sizeof...(K);
  constexpr size_t block = accumulators * lanes;
  constexpr size_t burst = Stores * lanes;
  const float *input = traffic.input;
  const float *const input_end = input + traffic.input_size;
  float *output = traffic.output;
  float *const output_end = output + traffic.output_size;
  Vector peak[accumulators] = {(static_cast<void>(K), load(input))...};
  Vector latest[accumulators] = {(static_cast<void>(K), load(input))...};
  const auto read_block = [&] {
    ((latest[K] = load(input + K * lanes), peak[K] = larger(peak[K], latest[K])), ...);
    input += block;
  };

  const size_t blocks = traffic.blocks_per_burst;
  const size_t stride = blocks * block;
  while (static_cast<size_t>(input_end - input) >= stride &&
         static_cast<size_t>(output_end - output) >= burst) {
    for (size_t i = 0; i < blocks; ++i) read_block();
    store_burst<Streamed>(output, latest, std::make_index_sequence<Stores>());
    output += burst;
  }
  while (static_cast<size_t>(input_end - input) >= block) read_block();
  for (; static_cast<size_t>(input_end - input) >= lanes; input += lanes) {
    peak[0] = larger(peak[0], load(input));
  }
  peak[0] = larger(peak[0], load(input_end - lanes));

  for (; static_cast<size_t>(output_end - output) >= block; output += block) {
    store_burst<Streamed>(output, peak, std::index_sequence<K...>());
  }
  for (; static_cast<size_t>(output_end - output) >= lanes; output += lanes) {
    store(output, peak[0]);
  }
  Vector all = peak[0];
  ((all = larger(all, peak[K])), ...);
  alignas(Vector) float sink[lanes];
  store(traffic.output_size == 0 ? sink : output_end - lanes, all);
  asm volatile("" : : "r"(sink) : "memory");  // reading is not optimised away
  if constexpr (Streamed) fence();
}

template <bool Streamed, size_t Accumulators, size_t Stores>
void run(const Traffic &traffic) {
  read_and_write<Streamed, Stores>(traffic, std::make_index_sequence<Accumulators>());
}

template <bool Streamed, size_t Accumulators, size_t Stores>
constexpr RoofLoop loop() {
  return {Accumulators * lanes, Stores * lanes, Streamed, &run<Streamed, Accumulators, Stores>};
}

constexpr RoofLoop loops[] = {loop<false, 8, 1>(),  loop<false, 8, 2>(),  loop<false, 8, 4>(),
                              loop<false, 8, 8>(),  loop<false, 16, 1>(), loop<false, 16, 2>(),
                              loop<false, 16, 4>(), loop<false, 16, 8>(), loop<true, 8, 1>(),
                              loop<true, 8, 4>(),   loop<true, 16, 1>(),  loop<true, 16, 4>()};

}  // namespace

extern const RoofLoops SPP_BENCH_ROOF;
const RoofLoops SPP_BENCH_ROOF = {loops, sizeof loops / sizeof *loops};

}  // namespace spp_bench
