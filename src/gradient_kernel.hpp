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

template <class V>
SPP_VALUE bool any(V vector) {
  std::uint64_t words[sizeof(V) / 8];
  std::memcpy(words, &vector, sizeof vector);
  std::uint64_t all = 0;
  for (const std::uint64_t word : words) all |= word;
  return all != 0;
}

// -1 becomes 0, and what is less becomes large.
template <class Index, class Unsigned>
bool are_below(const Index *positions, std::int64_t count, std::int64_t end) {
  constexpr int lanes = SPP_VECTOR_BYTES / sizeof(Index);
  using V = Vector<Unsigned, lanes>;
  const auto last = static_cast<Unsigned>(end);
  if (count < lanes) {
    bool below = true;
    for (std::int64_t k = 0; k < count; ++k)
      below &= static_cast<Unsigned>(static_cast<Unsigned>(positions[k]) + 1U) <= last;
    return below;
  }
  V outside{};
  for_vectors<lanes>(count, [&](std::int64_t k) {
    outside |= bits_as<V>(load<V>(positions + k) + 1U > last);
  });
  return !any(outside);
}

template <class From, class To>
void convert(const From *from, std::int64_t count, To *to) {
  constexpr int lanes = SPP_VECTOR_BYTES / 8;
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes)
    store(to + k, __builtin_convertvector(load<Vector<From, lanes>>(from + k), Vector<To, lanes>));
  for (; k < count; ++k) to[k] = static_cast<To>(from[k]);
}

template <class Number>
struct Folder {
  using Stored = typename Number::Stored;
  using Word = typename Number::Word;
  using Sum = typename Number::Sum;
  using Index = std::make_signed_t<Word>;
  static constexpr int lanes = SPP_VECTOR_BYTES / sizeof(Word);
  using Elements = Vector<Stored, lanes>;
  using Words = Vector<Word, lanes>;
  using Indices = Vector<Index, lanes>;
  using Sums = Vector<Sum, lanes>;
  using Floats = Vector<float, lanes>;

  // One bin of the finest level, and the bins of the levels around it, in the order of the levels.
  struct Bin {
    const Index *positions[most_fold_levels];
    const Stored *gradients[most_fold_levels];
    Index *found[most_fold_levels];
    Span rows;
    Span columns;
    Stored *marks;
    Stored *sums;
  };

  static bool run(const FoldJob &job) {
    const FoldPlan &plan = *job.plan;
    std::memset(job.found, 0,
                static_cast<std::size_t>(plan.bins * job.channels) * sizeof(Index));
    Indices bad{};
    for (std::int32_t i = 0; i < plan.row_count; ++i)
      for (std::int32_t j = 0; j < plan.column_count; ++j) bad |= fold(job, i, j);
    return !any(bad) && all_found(job);
  }

  static Indices fold(const FoldJob &job, std::int32_t i, std::int32_t j) {
    const FoldPlan &plan = *job.plan;
    Bin bin;
    int count = 0;
    int finest = 0;
    for (std::int32_t l = 0; l < plan.level_count; ++l) {
      const std::int32_t row = plan.level_rows[l][i];
      const std::int32_t column = plan.level_column[l][j];
      if (row < 0 || column < 0) continue;
      if (l == plan.finest) finest = count;
      const std::int64_t index =
          plan.first_bins[l] + std::int64_t{row} * plan.level_columns[l] + column;
      bin.positions[count] = static_cast<const Index *>(job.positions) + index * job.position_stride;
      bin.gradients[count] = static_cast<const Stored *>(job.gradients) + index * job.gradient_stride;
      bin.found[count] = static_cast<Index *>(job.found) + index * job.channels;
      ++count;
    }
    bin.rows = plan.rows[i];
    bin.columns = plan.columns[j];
    const std::int64_t cell = std::int64_t{i} * plan.column_count + j;
    bin.marks = static_cast<Stored *>(job.marks) + cell * job.channels;
    bin.sums = static_cast<Stored *>(job.sums) + cell * job.channels;
    switch (count) {
      case 1:
        return fold<1>(job, bin, finest);
      case 2:
        return fold<2>(job, bin, finest);
      case 3:
        return fold<3>(job, bin, finest);
      default:
        return fold<4>(job, bin, finest);
    }
  }

  // A position in the bin is row * width + column from its first cell on.  Below 2^22 the product
  // with the inverse is off by less than half a column, so the row is exact.
  template <int Count>
  static Indices fold(const FoldJob &job, const Bin &bin, int finest) {
    const auto width = static_cast<Index>(job.width);
    const auto bin_width = static_cast<Index>(bin.columns.last - bin.columns.first);
    const auto base = static_cast<Index>(bin.rows.first * job.width + bin.columns.first);
    const auto band = static_cast<Index>((bin.rows.last - bin.rows.first) * job.width);
    const float inverse = 1.0F / static_cast<float>(job.width);
    const Index *const own = bin.positions[finest];
    Indices bad{};
    for_vectors<lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
      const Indices position = load<Indices>(own + c);
      Sums sum{};
      for (int l = 0; l < Count; ++l) {
        const Indices same = load<Indices>(bin.positions[l] + c) == position;
        const Words words =
            __builtin_convertvector(load<Elements>(bin.gradients[l] + c), Words);
        sum += Number::template read<Sums>(same ? words : Words{});
        store(bin.found[l] + c, load<Indices>(bin.found[l] + c) | same);
      }
      const Indices place = position - base;
      const Floats rows = (__builtin_convertvector(place, Floats) + 0.5F) * inverse;
      const Indices row = __builtin_convertvector(rows, Indices);
      const Indices column = place - row * width;
      const Indices inside = (place >= 0) & (place < band) & (column >= 0) & (column < bin_width);
      const Indices none = position < 0;
      bad |= ~(inside | none);
      const Indices mark = none | (place - row * (width - bin_width));
      store(bin.marks + c, __builtin_convertvector(bits_as<Words>(mark), Elements));
      store(bin.sums + c,
            __builtin_convertvector(Number::template rounded<Words>(sum), Elements));
    });
    return bad;
  }

  // Is every position that of a winner of the finest level?
  static bool all_found(const FoldJob &job) {
    Indices missing{};
    for (std::int64_t bin = 0; bin < job.plan->bins; ++bin) {
      const Index *const positions = static_cast<const Index *>(job.positions) + bin * job.position_stride;
      const Index *const found = static_cast<const Index *>(job.found) + bin * job.channels;
      for_vectors<lanes>(job.channels, [&](std::int64_t c) {
        missing |= ~load<Indices>(found + c) & (load<Indices>(positions + c) >= 0);
      });
    }
    return !any(missing);
  }
};

template <class Word>
struct Writer {
  static constexpr int lanes = SPP_VECTOR_BYTES / sizeof(Word);
  using V = Vector<Word, lanes>;

  static void run(const WriteJob &job) {
    job.stream ? write<true>(job) : write<false>(job);
    if (job.stream) end_of_stream();
  }

 private:
  template <bool Stream>
  static void write(const WriteJob &job) {
    const FoldPlan &plan = *job.plan;
    std::int32_t i = 0;
    for (std::int64_t y = 0; y < job.height; ++y) {
      Word *const row = static_cast<Word *>(job.map) + y * job.row_stride;
      while (i < plan.row_count && plan.rows[i].last <= y) ++i;
      std::int64_t x = 0;
      if (i < plan.row_count && plan.rows[i].first <= y) {
        for (std::int32_t j = 0; j < plan.column_count; ++j) {
          write_zeros<Stream>(job, row, {x, plan.columns[j].first});
          x = plan.columns[j].last;
          write_bin<Stream>(job, row, i, j, y - plan.rows[i].first);
        }
      }
      write_zeros<Stream>(job, row, {x, job.width});
    }
  }

  // One row of one bin.
  template <bool Stream>
  static void write_bin(const WriteJob &job, Word *row, std::int32_t i, std::int32_t j,
                        std::int64_t row_in_bin) {
    const Span columns = job.plan->columns[j];
    const std::int64_t cell = (std::int64_t{i} * job.plan->column_count + j) * job.channels;
    const Word *const marks = static_cast<const Word *>(job.marks) + cell;
    const Word *const sums = static_cast<const Word *>(job.sums) + cell;
    std::int64_t mark = row_in_bin * (columns.last - columns.first);
    for (std::int64_t x = columns.first; x < columns.last; ++x, ++mark) {
      Word *const pixel = row + x * job.column_stride;
      const V wanted = V{} + static_cast<Word>(mark);
      for_vectors<lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
        const V value = load<V>(marks + c) == wanted ? load<V>(sums + c) : V{};
        if constexpr (Stream)
          stream(pixel + c, value);
        else
          store(pixel + c, value);
      });
    }
  }

  template <bool Stream>
  static void write_zeros(const WriteJob &job, Word *row, Span columns) {
    for (std::int64_t x = columns.first; x < columns.last; ++x) {
      Word *const pixel = row + x * job.column_stride;
      for_vectors<lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
        if constexpr (Stream)
          stream(pixel + c, V{});
        else
          store(pixel + c, V{});
      });
    }
  }
};

}  // namespace

#define SPP_JOIN_(a, b) a##b
#define SPP_JOIN(a, b) SPP_JOIN_(a, b)

extern const GradientKernels SPP_JOIN(gradients_, SPP_TIER_NAME);
const GradientKernels SPP_JOIN(gradients_, SPP_TIER_NAME) = {
    are_below<std::int32_t, std::uint32_t>,
    are_below<std::int64_t, std::uint64_t>,
    convert<std::int64_t, std::int32_t>,
    convert<std::int32_t, std::int64_t>,
    {Folder<FloatNumber>::run, Folder<DoubleNumber>::run, Folder<HalfNumber>::run,
     Folder<BrainNumber>::run},
    {Writer<std::uint16_t>::run, Writer<std::uint32_t>::run, Writer<std::uint64_t>::run},
    SPP_STREAM_BYTES,
};

}  // namespace spp::SPP_TIER_NAME
