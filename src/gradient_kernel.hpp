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

// f(0), f(1) ... f(Count - 1), written out.
template <int Count, class F>
SPP_VALUE void repeat(F f) {
  if constexpr (Count > 0) {
    repeat<Count - 1>(f);
    f(Count - 1);
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

void narrow(const std::int64_t *from, std::int64_t count, std::int32_t *to) {
  constexpr int lanes = SPP_VECTOR_BYTES / 8;
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes)
    store(to + k, __builtin_convertvector(load<Vector<std::int64_t, lanes>>(from + k),
                                          Vector<std::int32_t, lanes>));
  for (; k < count; ++k) to[k] = static_cast<std::int32_t>(from[k]);
}

template <class Number>
struct Folder {
  using Stored = typename Number::Stored;
  using Word = typename Number::Word;
  static constexpr int lanes = SPP_VECTOR_BYTES / sizeof(Word);
  using Elements = Vector<Stored, lanes>;
  using Words = Vector<Word, lanes>;
  using Masks = Vector<std::make_signed_t<Word>, lanes>;
  using Sums = Vector<typename Number::Sum, lanes>;
  using Indices = Vector<std::int32_t, lanes>;
  using Places = Vector<std::uint32_t, lanes>;
  using Floats = Vector<float, lanes>;

  static bool run(const FoldJob &job) {
    const FoldPlan &plan = *job.plan;
    for (std::int32_t l = 0; l < plan.level_count; ++l)
      if (l != plan.finest && !are_winners_of_finest(job, l)) return false;
    for (std::int32_t i = 0; i < plan.row_count; ++i)
      for (std::int32_t j = 0; j < plan.column_count; ++j)
        if (!fold(job, i, j)) return false;
    return true;
  }

 private:
  static SPP_VALUE const std::int32_t *positions_of(const FoldJob &job, std::int32_t level,
                                                    std::int64_t row, std::int64_t column) {
    const std::int64_t bin =
        job.plan->first_bins[level] + row * job.plan->level_columns[level] + column;
    return job.positions + bin * job.position_stride;
  }

  // Has the position of each bin of a level one of the finest bins in it, in each channel?
  static bool are_winners_of_finest(const FoldJob &job, std::int32_t level) {
    const FoldPlan &plan = *job.plan;
    Span rows{};
    for (; rows.first < plan.row_count; rows.first = rows.last) {
      rows.last = end_of_bin(plan.level_rows[level], rows.first, plan.row_count);
      if (plan.level_rows[level][rows.first] < 0) continue;
      Span columns{};
      for (; columns.first < plan.column_count; columns.first = columns.last) {
        columns.last = end_of_bin(plan.level_columns_of[level], columns.first, plan.column_count);
        if (plan.level_columns_of[level][columns.first] < 0) continue;
        const std::int32_t *const own =
            positions_of(job, level, plan.level_rows[level][rows.first],
                         plan.level_columns_of[level][columns.first]);
        if (!have_all(job, own, rows, columns)) return false;
      }
    }
    return true;
  }

  static std::int64_t end_of_bin(const std::int16_t *bins, std::int64_t first, std::int64_t count) {
    std::int64_t last = first + 1;
    while (last < count && bins[last] == bins[first]) ++last;
    return last;
  }

  static bool have_all(const FoldJob &job, const std::int32_t *own, Span rows, Span columns) {
    Indices all = ~Indices{};
    for_vectors<lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
      const Indices position = load<Indices>(own + c);
      Indices found{};
      for (std::int64_t i = rows.first; i < rows.last; ++i)
        for (std::int64_t j = columns.first; j < columns.last; ++j)
          found |= load<Indices>(positions_of(job, job.plan->finest, i, j) + c) == position;
      all &= found;
    });
    return !any(~all);
  }

  // One bin of the finest level, and the bins of the levels around it, in the order of the levels.
  struct Bin {
    const std::int32_t *positions[most_fold_levels];
    const Stored *gradients[most_fold_levels];
    const std::int32_t *own;
    Span rows;
    Span columns;
    Stored *marks;
    Stored *sums;
  };

  static bool fold(const FoldJob &job, std::int32_t i, std::int32_t j) {
    const FoldPlan &plan = *job.plan;
    Bin bin;
    int count = 0;
    for (std::int32_t l = 0; l < plan.level_count; ++l) {
      const std::int32_t row = plan.level_rows[l][i];
      const std::int32_t column = plan.level_columns_of[l][j];
      if (row < 0 || column < 0) continue;
      const std::int64_t index =
          plan.first_bins[l] + std::int64_t{row} * plan.level_columns[l] + column;
      bin.positions[count] = job.positions + index * job.position_stride;
      bin.gradients[count] = static_cast<const Stored *>(job.gradients) + index * job.gradient_stride;
      ++count;
    }
    bin.own = positions_of(job, plan.finest, i, j);
    bin.rows = plan.rows[i];
    bin.columns = plan.columns[j];
    const std::int64_t cell = std::int64_t{i} * plan.column_count + j;
    bin.marks = static_cast<Stored *>(job.marks) + cell * job.channels;
    bin.sums = static_cast<Stored *>(job.sums) + cell * job.channels;
    switch (count) {
      case 1:
        return fold<1>(job, bin);
      case 2:
        return fold<2>(job, bin);
      case 3:
        return fold<3>(job, bin);
      default:
        return fold<4>(job, bin);
    }
  }

  // A position in the bin is row * width + column from its first cell on.  Up to 2^22 the product with
  // the inverse is off by less than half a column, so the row is exact, and so are the floats.
  template <int Count>
  static bool fold(const FoldJob &job, const Bin &bin) {
    const auto base = static_cast<std::int32_t>(bin.rows.first * job.width + bin.columns.first);
    const auto band = static_cast<std::uint32_t>((bin.rows.last - bin.rows.first) * job.width);
    const auto width = static_cast<float>(job.width);
    const auto bin_width = static_cast<float>(bin.columns.last - bin.columns.first);
    const float inverse = 1.0F / width;
    Places farthest{};
    Floats rightmost{};
    for_vectors<lanes>(job.channels, [&](std::int64_t c) SPP_VALUE_LAMBDA {
      const Indices position = load<Indices>(bin.own + c);
      Sums sum{};
      repeat<Count>([&](int l) SPP_VALUE_LAMBDA {
        const Masks same =
            __builtin_convertvector(load<Indices>(bin.positions[l] + c) == position, Masks);
        const Words words = __builtin_convertvector(load<Elements>(bin.gradients[l] + c), Words);
        sum += Number::template read<Sums>(same ? words : Words{});
      });
      const Indices place = position - base;
      const Floats places = __builtin_convertvector(place, Floats);
      const Indices row = __builtin_convertvector((places + 0.5F) * inverse, Indices);
      const Floats rows = __builtin_convertvector(row, Floats);
      const Floats columns = places - rows * width;
      const Places far = bits_as<Places>(place);
      farthest = far > farthest ? far : farthest;
      rightmost = columns > rightmost ? columns : rightmost;
      const Indices mark = __builtin_convertvector(rows * bin_width + columns, Indices);
      store(bin.marks + c, __builtin_convertvector(bits_as<Places>(mark), Elements));
      store(bin.sums + c,
            __builtin_convertvector(Number::template rounded<Words>(sum), Elements));
    });
    return !any(farthest >= band) && !any(rightmost >= bin_width);
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
    narrow,
    {Folder<FloatNumber>::run, Folder<DoubleNumber>::run, Folder<HalfNumber>::run,
     Folder<BrainNumber>::run},
    {Writer<std::uint16_t>::run, Writer<std::uint32_t>::run, Writer<std::uint64_t>::run},
    SPP_STREAM_BYTES,
};

}  // namespace spp::SPP_TIER_NAME
