// The loops of a gradient, written once over vectors of a tier's width.
//
// A tier is a file that defines SPP_TIER_NAME and SPP_VECTOR_BYTES and includes this one.  As in
// kernel.hpp there is no standard algorithm and no dynamic initialiser, and everything but the table is
// internal.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gradient_job.hpp"
#include "gradient_positions.hpp"
#include "gradient_scatter.hpp"
#include "gradient_values.hpp"
#include "gradient_vectors.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

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
  static constexpr std::int64_t missed_all = std::int64_t{1}
                                             << 40;  // more than other jobs have found

  static Missed run(const GradientJob &job) {
    const Missed missed = job.stream ? write<true>(job) : write<false>(job);
    if (job.stream) end_of_stream();
    return missed;
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
  // What is expected of a row of bins, and of the coarse bins, is expected of the job that has the first
  // row of it, or of the map.
  template <bool Stream>
  static Missed write(const GradientJob &job) {
    const FoldPlan &plan = *job.plan;
    const std::int64_t coarse_bins = plan.bins - std::int64_t{plan.row_count} * plan.column_count;
    Missed missed = {0, job.rows.first == 0 ? coarse_bins * visits<lanes>(job.channels) : 0};
    std::int64_t y = job.rows.first;
    for (std::int32_t i = 0; i < plan.row_count; ++i) {
      const Span rows = plan.rows[i];
      const std::int64_t last = rows.last < job.rows.last ? rows.last : job.rows.last;
      if (last <= y || rows.first >= job.rows.last) continue;
      Band band;
      for (std::int32_t j = 0; j < plan.column_count; ++j) fold(job, i, j, band);
      if (!band.in_band) return {missed_all, 0};
      for (; y < rows.first; ++y) write_zeros<Stream>(job, y, {0, job.width});
      for (; y < last; ++y) write_row<Stream>(job, band, y, y - rows.first);
      missed.finest -= sum_of<Stored>(band.finest_hits);
      if (rows.first < job.rows.first) continue;
      missed.coarse += sum_of<std::make_signed_t<Word>>(band.coarse_hits);
      missed.finest += plan.column_count * visits<line_lanes>(job.channels);
      if (job.rows.first == 0 && last == rows.last && missed.finest != 0) return {missed_all, 0};
    }
    for (; y < job.rows.last; ++y) write_zeros<Stream>(job, y, {0, job.width});
    return missed;
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
    SPP_SCATTER,
};

}  // namespace spp::SPP_TIER_NAME
