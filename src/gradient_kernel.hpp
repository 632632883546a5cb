// The loops of a gradient, written once over vectors of a tier's width.
//
// A tier is a file that defines SPP_TIER_NAME and SPP_VECTOR_BYTES and includes this one.  Vectors are
// those of GCC and Clang, which know all operations that are needed here.  As in kernel.hpp there is
// no standard algorithm and no dynamic initialiser, and everything but the table is internal.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gradient_job.hpp"
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

// With 1 added, -1 is 0 and what is less is large.
bool are_below(const std::int32_t *positions, std::int64_t count, std::int64_t end) {
  constexpr int lanes = SPP_VECTOR_BYTES / 4;
  using V = Vector<std::uint32_t, lanes>;
  V largest{};
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    const V next = load<V>(positions + k) + 1U;
    largest = next > largest ? next : largest;
  }
  bool below = !any(largest > static_cast<std::uint32_t>(end));
  for (; k < count; ++k)
    below &= static_cast<std::uint32_t>(positions[k]) + 1U <= static_cast<std::uint32_t>(end);
  return below;
}

// Of 64 bits with 1 added the upper half is to be 0, and the lower one is looked at as above.
bool narrow(const std::int64_t *from, std::int64_t count, std::int64_t end, std::int32_t *to) {
  constexpr int lanes = SPP_VECTOR_BYTES / 8;
  using Wide = Vector<std::uint64_t, lanes>;
  using V = Vector<std::uint32_t, lanes>;
  Wide all{};
  V largest{};
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    const Wide next = load<Wide>(from + k) + 1U;
    const V lower = __builtin_convertvector(next, V);
    all |= next;
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

// Where the bins of all levels are unions of those of the finest one, the winner of a coarse bin has
// won a finest bin too: see gradient_writer.hpp.
template <class Number>
struct Writer {
  using Stored = typename Number::Stored;
  using Word = typename Number::Word;
  static constexpr int lanes = SPP_VECTOR_BYTES / sizeof(Word);
  using Elements = Vector<Stored, lanes>;
  using Words = Vector<Word, lanes>;
  using Masks = Vector<std::make_signed_t<Word>, lanes>;
  using Sums = Vector<typename Number::Sum, lanes>;
  using Indices = Vector<std::int32_t, lanes>;
  using Places = Vector<std::uint32_t, lanes>;
  static constexpr int line_lanes = SPP_VECTOR_BYTES / sizeof(Stored);
  using Line = Vector<Stored, line_lanes>;
  static constexpr bool marks_are_positions = sizeof(Stored) == sizeof(std::int32_t);

  static bool run(const GradientJob &job) {
    const bool are_winners = job.stream ? write<true>(job) : write<false>(job);
    if (job.stream) end_of_stream();
    return are_winners;
  }

 private:
  // What the winners of a row of finest bins are found by, their sums, and what has been seen.
  struct Band {
    const Stored *marks[most_fold_side];
    const Stored *sums[most_fold_side];
    Masks coarse_hits{};  // less one for each position of a coarser bin that was a finest one's
    Line finest_hits{};   // one for each winner of a finest bin that was met in its bin
    bool in_band = true;
  };

  // The map in the order of addresses, a row of finest bins at a time.
  //
  // Finest bins do not overlap, so that a position is met in one of them at most, and there once; what
  // all of them have together therefore says whether each has it.
  template <bool Stream>
  static bool write(const GradientJob &job) {
    const FoldPlan &plan = *job.plan;
    const std::int64_t coarse_bins = plan.bins - std::int64_t{plan.row_count} * plan.column_count;
    std::int64_t coarse_hits = 0;
    std::int64_t y = 0;
    for (std::int32_t i = 0; i < plan.row_count; ++i) {
      Band band;
      for (std::int32_t j = 0; j < plan.column_count; ++j) fold(job, i, j, band);
      if (!band.in_band) return false;
      for (; y < plan.rows[i].first; ++y) write_zeros<Stream>(job, y, {0, job.width});
      for (; y < plan.rows[i].last; ++y) write_row<Stream>(job, band, y, y - plan.rows[i].first);
      coarse_hits -= sum_of<std::make_signed_t<Word>>(band.coarse_hits);
      if (sum_of<Stored>(band.finest_hits) != plan.column_count * visits<line_lanes>(job.channels))
        return false;
    }
    for (; y < job.height; ++y) write_zeros<Stream>(job, y, {0, job.width});
    return coarse_hits == coarse_bins * visits<lanes>(job.channels);
  }

  // How many lanes for_vectors() looks at.
  template <int Lanes>
  static std::int64_t visits(std::int64_t channels) {
    return (channels + Lanes - 1) / Lanes * Lanes;
  }

  template <class T, class V>
  static std::int64_t sum_of(V vector) {
    T words[sizeof(V) / sizeof(T)];
    std::memcpy(words, &vector, sizeof vector);
    std::int64_t sum = 0;
    for (const T word : words) sum += static_cast<std::int64_t>(word);
    return sum;
  }

  // The rows of a map that have a row of finest bins, as positions.
  struct Strip {
    std::int64_t first;
    std::int64_t cells;
  };

  // One bin of the finest level, and the bins of the levels around it, in the order of the levels.
  struct Bin {
    const std::int32_t *positions[most_fold_levels];
    const Stored *gradients[most_fold_levels];
    Stored *marks;
    Stored *sums;
  };

  static void fold(const GradientJob &job, std::int32_t i, std::int32_t j, Band &band) {
    const FoldPlan &plan = *job.plan;
    Bin bin{};
    int count = 0;
    int finest = 0;
    for (std::int32_t l = 0; l < plan.level_count; ++l) {
      const std::int32_t row = plan.level_rows[l][i];
      const std::int32_t column = plan.level_columns_of[l][j];
      if (row < 0 || column < 0) continue;
      if (l == plan.finest) finest = count;
      const std::int64_t index =
          plan.first_bins[l] + std::int64_t{row} * plan.level_columns[l] + column;
      bin.positions[count] = job.positions + index * job.stride;
      bin.gradients[count] = static_cast<const Stored *>(job.gradients) + index * job.stride;
      ++count;
    }
    bin.marks = static_cast<Stored *>(job.marks) + j * job.channels;
    bin.sums = static_cast<Stored *>(job.sums) + j * job.channels;
    band.sums[j] = bin.sums;
    band.marks[j] = bin.marks;
    if constexpr (marks_are_positions)
      band.marks[j] = reinterpret_cast<const Stored *>(bin.positions[finest]);
    const Span rows = plan.rows[i];
    const Strip strip = {rows.first * job.width, (rows.last - rows.first) * job.width};
    fold_any(job, bin, count * most_fold_levels + finest, strip, band);
  }

  // The loop for each number of levels and place of the finest one among them.
  static void fold_any(const GradientJob &job, const Bin &bin, int kind, Strip strip, Band &band) {
    switch (kind) {
#define SPP_FOLD(count, finest)               \
  case (count) * most_fold_levels + (finest): \
    return fold<count, finest>(job, bin, strip, band)
      SPP_FOLD(1, 0);
      SPP_FOLD(2, 0);
      SPP_FOLD(2, 1);
      SPP_FOLD(3, 0);
      SPP_FOLD(3, 1);
      SPP_FOLD(3, 2);
      SPP_FOLD(4, 0);
      SPP_FOLD(4, 1);
      SPP_FOLD(4, 2);
      SPP_FOLD(4, 3);
#undef SPP_FOLD
    }
  }

  template <int Count, int Finest>
  static void fold(const GradientJob &job, const Bin &bin, Strip strip, Band &band) {
    Masks hits = band.coarse_hits;
    Places farthest{};
    for_vectors<lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
      const Indices position = load<Indices>(bin.positions[Finest] + c);
      Sums sum{};
      repeat<Count>([&](auto level) SPP_VALUE_LAMBDA {
        constexpr int l = decltype(level)::value;
        Words words = __builtin_convertvector(load<Elements>(bin.gradients[l] + c), Words);
        if constexpr (l != Finest) {
          const Masks same =
              __builtin_convertvector(load<Indices>(bin.positions[l] + c) == position, Masks);
          words = same ? words : Words{};
          hits += same;
        }
        sum += Number::template read<Sums>(words);
      });
      store(bin.sums + c, __builtin_convertvector(Number::template rounded<Words>(sum), Elements));

      if constexpr (sizeof(Stored) == 2) {
        const Places place = bits_as<Places>(position) - static_cast<std::uint32_t>(strip.first);
        farthest = place > farthest ? place : farthest;
        store(bin.marks + c, __builtin_convertvector(place, Elements));
      } else if constexpr (!marks_are_positions) {
        store(bin.marks + c, __builtin_convertvector(bits_as<Places>(position), Elements));
      }
    });
    band.coarse_hits = hits;
    if (sizeof(Stored) == 2)
      band.in_band &= !any(farthest >= static_cast<std::uint32_t>(strip.cells));
  }

  // One row of the map, which is row `row_in_band` of the finest bins'.
  template <bool Stream>
  static void write_row(const GradientJob &job, Band &band, std::int64_t y,
                        std::int64_t row_in_band) {
    const FoldPlan &plan = *job.plan;
    const std::int64_t first_mark = (sizeof(Stored) == 2 ? row_in_band : y) * job.width;
    Line hits = band.finest_hits;
    std::int64_t x = 0;
    for (std::int32_t j = 0; j < plan.column_count; ++j) {
      write_zeros<Stream>(job, y, {x, plan.columns[j].first});
      const Stored *const marks = band.marks[j];
      const Stored *const sums = band.sums[j];
      for (x = plan.columns[j].first; x < plan.columns[j].last; ++x) {
        const Line wanted = Line{} + static_cast<Stored>(first_mark + x);
        write_pixel<Stream>(job, y, x, [&](std::int64_t c) SPP_VALUE_LAMBDA {
          const auto met = load<Line>(marks + c) == wanted;
          hits -= bits_as<Line>(met);
          return met ? load<Line>(sums + c) : Line{};
        });
      }
    }
    band.finest_hits = hits;
    write_zeros<Stream>(job, y, {x, job.width});
  }

  template <bool Stream>
  static void write_zeros(const GradientJob &job, std::int64_t y, Span columns) {
    for (std::int64_t x = columns.first; x < columns.last; ++x)
      write_pixel<Stream>(job, y, x, [](std::int64_t) SPP_VALUE_LAMBDA { return Line{}; });
  }

  template <bool Stream, class Value>
  static SPP_VALUE void write_pixel(const GradientJob &job, std::int64_t y, std::int64_t x,
                                    Value value) {
    Stored *const pixel =
        static_cast<Stored *>(job.map) + y * job.row_stride + x * job.column_stride;
    for_vectors<line_lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
      if constexpr (Stream)
        stream(pixel + c, value(c));
      else
        store(pixel + c, value(c));
    });
  }
};

}  // namespace

#define SPP_JOIN_(a, b) a##b
#define SPP_JOIN(a, b) SPP_JOIN_(a, b)

extern const GradientKernels SPP_JOIN(gradients_, SPP_TIER_NAME);
const GradientKernels SPP_JOIN(gradients_, SPP_TIER_NAME) = {
    are_below,
    narrow,
    {Writer<FloatNumber>::run, Writer<DoubleNumber>::run, Writer<HalfNumber>::run,
     Writer<BrainNumber>::run},
    SPP_STREAM_BYTES,
};

}  // namespace spp::SPP_TIER_NAME
