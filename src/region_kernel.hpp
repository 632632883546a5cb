// Regions that share a packed map: see region_job.hpp.  A tier's third file defines what its first
// one does (see kernel.hpp) and includes this one.
//
// A block without NaN is pooled as float32, and since it has no -0 either, a maximum is an output
// value as it stands.  A block with NaN is turned into integers first, which ascend with the numbers:
// the largest is right in any order, whatever the NaN policy.
#pragma once

#include "region_job.hpp"
#include "simd.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

#if defined(__AVX512F__)
SPP_INLINE void store_past_caches(float *to, Simd<float>::R x) { _mm512_stream_ps(to, x); }
SPP_INLINE void end_stores() { _mm_sfence(); }
#elif defined(__AVX2__)
SPP_INLINE void store_past_caches(float *to, Simd<float>::R x) { _mm256_stream_ps(to, x); }
SPP_INLINE void end_stores() { _mm_sfence(); }
#else
SPP_INLINE void store_past_caches(float *to, Simd<float>::R x) { Simd<float>::store(to, x); }
SPP_INLINE void end_stores() {}
#endif

struct FloatValues {
  using S = Simd<float>;
  using R = S::R;
  static SPP_INLINE R load(const float *from) { return S::load(from); }
  static SPP_INLINE void keep(float *to, R x) { S::store(to, x); }
  static SPP_INLINE R larger(R x, R y) { return S::larger(x, y); }
  static SPP_INLINE R filled(float number) { return S::fill(number); }
  static SPP_INLINE Simd<float>::R value(R x) { return x; }
};

// The integer of a number that is not negative is its bits, that of a negative one has the bits
// behind the sign turned.  NaN is the canonical one's where it spreads, and there the largest; else
// the smallest of all.
struct KeyValues {
  using S = Simd<std::int32_t>;
  using R = S::R;
  static constexpr std::int32_t magnitude = 0x7fffffff;
  static constexpr std::int32_t skipped_nan = -magnitude - 1;

  static std::int32_t key(float number, bool ignore_nan) {
    if (number != number)
      return ignore_nan ? skipped_nan : static_cast<std::int32_t>(Bits<float>::canonical_nan);
    std::int32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    return bits < 0 ? bits ^ magnitude : bits;
  }

  static SPP_INLINE R load(const float *from) {
    return S::load(reinterpret_cast<const std::int32_t *>(from));
  }
  static SPP_INLINE void keep(float *to, R x) { S::store(reinterpret_cast<std::int32_t *>(to), x); }
  static SPP_INLINE R larger(R x, R y) { return S::larger(x, y); }
  static SPP_INLINE R filled(float number) { return S::fill(key(number, false)); }
  static SPP_INLINE Simd<float>::R value(R x) {
    const R number = S::where_less(x, S::fill(0), x ^ S::fill(magnitude), x);
    const R result =
        S::where_equal(x, S::fill(skipped_nan),
                       S::fill(static_cast<std::int32_t>(Bits<float>::canonical_nan)), number);
    float lane[Simd<float>::lanes];
    std::memcpy(lane, &result, sizeof lane);
    return Simd<float>::load(lane);
  }
};

template <class Values, bool Stream>
struct RegionPooler {
  using R = typename Values::R;
  static constexpr int lanes = Simd<float>::lanes;
  // Of one result; more than these would not stay in registers.
  static constexpr int vectors = region_channels / lanes < 8 ? region_channels / lanes : 8;
  static constexpr std::int64_t group = vectors * lanes;

  // Each bin past the caches as soon as it is made.
  static void stream(const RegionBlock &block, const RegionWindow *first,
                     const RegionWindow *last) {
    for (; first != last; ++first)
      pool_region(block, *first, block.output + first->row * block.row_stride, block.bin_stride);
    end_stores();
  }

  // The bins of a region through scratch: output that is not in a first-level cache is waited for less
  // if it is written in one go.  A block that is not full is pooled as if it were.
  static void copy(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
    for (; first != last; ++first) {
      pool_region(block, *first, block.part, region_channels);
      float *output = block.output + first->row * block.row_stride;
      const float *part = block.part;
      for (std::int64_t bin = 0; bin < block.bins; ++bin, output += block.bin_stride) {
        if (block.channels == region_channels)
          repeat<region_channels / lanes>([&](int k) SPP_INLINE_LAMBDA {
            Simd<float>::store(output + k * lanes, Simd<float>::load(part + k * lanes));
          });
        else
          std::memcpy(output, part, static_cast<std::size_t>(block.channels) * sizeof(float));
        part += region_channels;
      }
    }
  }

 private:
  static SPP_APART void pool_region(const RegionBlock &block, const RegionWindow &window,
                                    float *output, std::int64_t bin_stride) {
    for (std::int64_t c = 0; c < region_channels; c += group)
      Region{block,
             window,
             block.cells + window.first_cell * region_channels + c,
             block.results + c,
             output + c,
             bin_stride}
          .pool();
  }

  struct Sum {
    R r[vectors];
    SPP_INLINE void load(const float *from) {
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { r[k] = Values::load(from + k * lanes); });
    }
    SPP_INLINE void add(const float *from) {
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        r[k] = Values::larger(Values::load(from + k * lanes), r[k]);
      });
    }
    SPP_INLINE void fill(float number) {
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { r[k] = Values::filled(number); });
    }
    SPP_INLINE void write(float *to) const {
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        if constexpr (Stream)
          store_past_caches(to + k * lanes, Values::value(r[k]));
        else
          Simd<float>::store(to + k * lanes, Values::value(r[k]));
      });
    }
    SPP_INLINE void keep(float *to) const {
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { Values::keep(to + k * lanes, r[k]); });
    }
  };

  // A row of bins: which cells, and where the results go.
  struct Row {
    const float *cells;
    const Cover *y;
    const Cover *columns;
    std::int64_t count;
    float *output;
    std::int64_t bin_stride;
    float *kept;  // nullptr: no level is merged from these
    float empty;
  };

  // Rows x Columns loads for every bin.  A bin that fewer cover has its last load again.
  template <int Rows, int Columns>
  static SPP_APART void pool_row(const Row &row) {
    const float *line[Rows];
    repeat<Rows>([&](int p) SPP_INLINE_LAMBDA { line[p] = row.cells + row.y->at[p]; });
    float *output = row.output;
    float *kept = row.kept;
    for (std::int64_t i = 0; i < row.count; ++i, output += row.bin_stride) {
      Sum sum;
      repeat<Columns>([&](int q) SPP_INLINE_LAMBDA {
        const std::int64_t x = row.columns[i].at[q];
        repeat<Rows>([&](int p) SPP_INLINE_LAMBDA {
          if (p == 0 && q == 0)
            sum.load(line[p] + x);
          else
            sum.add(line[p] + x);
        });
      });
      sum.write(output);
      if (kept != nullptr) {
        sum.keep(kept);
        kept += region_channels;
      }
    }
  }

  // Any number of loads; bins without cells are `empty`.
  static SPP_APART void pool_any_row(const Row &row) {
    float *output = row.output;
    float *kept = row.kept;
    for (std::int64_t i = 0; i < row.count; ++i, output += row.bin_stride) {
      const Cover &x = row.columns[i];
      Sum sum;
      if (x.count == 0 || row.y->count == 0) {
        sum.fill(row.empty);
      } else {
        sum.load(row.cells + row.y->at[0] + x.at[0]);
        std::int64_t line = row.y->at[0];
        for (std::int32_t p = 0; p < row.y->count; ++p) {
          const float *from = row.cells + line;
          std::int64_t at = x.at[0];
          for (std::int32_t q = 0; q < x.count; ++q) {
            sum.add(from + at);
            at = at + x.step < x.last ? at + x.step : x.last;
          }
          line = line + row.y->step < row.y->last ? line + row.y->step : row.y->last;
        }
      }
      sum.write(output);
      if (kept != nullptr) {
        sum.keep(kept);
        kept += region_channels;
      }
    }
  }

  using PoolRow = void (*)(const Row &);
  static constexpr PoolRow rows[3][3] = {{pool_row<1, 1>, pool_row<1, 2>, pool_row<1, 3>},
                                         {pool_row<2, 1>, pool_row<2, 2>, pool_row<2, 3>},
                                         {pool_row<3, 1>, pool_row<3, 2>, pool_row<3, 3>}};

  // One region, `group` channels of it.
  struct Region {
    const RegionBlock &block;
    const RegionWindow &window;
    const float *cells;
    float *results;
    float *output;
    std::int64_t bin_stride;

    SPP_INLINE void pool() const {
      for (std::int64_t k = 0; k < block.level_count; ++k) {
        const RegionLevel &level = block.levels[k];
        if ((window.merged >> k & 1) != 0)
          merge(level);
        else
          read(level);
      }
    }

    SPP_INLINE void read(const RegionLevel &level) const {
      const Cover *const columns = window.columns + level.first_column;
      const Cover *y = window.rows + level.first_row;
      const std::int64_t step = level.columns * bin_stride;
      Row row{cells,
              y,
              columns,
              level.columns,
              output + level.first_bin * bin_stride,
              bin_stride,
              level.is_source ? results + level.first_bin * region_channels : nullptr,
              block.empty_zero ? 0.0F : from_bits<float>(Bits<float>::lowest)};
      const bool few = columns->most != 0 && y->most != 0;
      for (std::int32_t j = 0; j < level.rows; ++j, ++row.y, row.output += step) {
        (few ? rows[row.y->count - 1][columns->most - 1] : pool_any_row)(row);
        if (row.kept != nullptr) row.kept += level.columns * region_channels;
      }
    }

    SPP_INLINE void merge(const RegionLevel &level) const {
      if (level.merged_rows == 2 && level.merged_columns == 2)
        merge_by<2>(level);
      else if (level.merged_rows == 3 && level.merged_columns == 3)
        merge_by<3>(level);
      else
        merge_by<0>(level);
    }

    // Side x Side bins of the source; 0: any number.
    template <int Side>
    SPP_INLINE void merge_by(const RegionLevel &level) const {
      const RegionLevel &from = block.levels[level.source];
      const std::int64_t row = from.columns * region_channels;
      const std::int32_t high = Side == 0 ? level.merged_rows : Side;
      const std::int32_t wide = Side == 0 ? level.merged_columns : Side;
      const float *band = results + from.first_bin * region_channels;
      std::int64_t bin = level.first_bin;
      for (std::int64_t j = 0; j < level.rows; ++j, band += high * row) {
        const float *first = band;
        for (std::int64_t i = 0; i < level.columns; ++i, ++bin) {
          Sum sum;
          sum.load(first);
          for (std::int32_t y = 0; y < high; ++y)
            for (std::int32_t x = y == 0; x < wide; ++x)
              sum.add(first + y * row + x * region_channels);
          sum.write(output + bin * bin_stride);
          if (level.is_source) sum.keep(results + bin * region_channels);
          first += wide * region_channels;
        }
      }
    }
  };
};

template <class Values>
void pool_as(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (block.stream && block.channels == region_channels)
    RegionPooler<Values, true>::stream(block, first, last);
  else
    RegionPooler<Values, false>::copy(block, first, last);
}

void pool_regions(const RegionBlock &block, const RegionWindow *first, const RegionWindow *last) {
  if (block.has_keys)
    pool_as<KeyValues>(block, first, last);
  else
    pool_as<FloatValues>(block, first, last);
}

// --------------------------------------------------------------------------------- packing, tables

// Whether there was a NaN.
bool pack_pixels(const RegionMap &map, const RegionBlock &block) {
  using S = Simd<float>;
  S::R nans = S::fill(0.0F);
  float *to = block.cells;
  for (std::int64_t y = 0; y < block.height; ++y) {
    const float *pixel = map.data + y * map.row_stride;
    for (std::int64_t x = 0; x < block.width; ++x, pixel += map.column_stride)
      for (std::int64_t c = 0; c < region_channels; c += S::lanes, to += S::lanes) {
        const S::R value = S::load(pixel + c);
        nans = S::where_nan(value, value, nans);
        S::store(to, S::plus_zero(value));
      }
  }
  float lane[S::lanes];
  S::store(lane, nans);
  bool any = false;
  for (const float value : lane) any |= value != value;
  return any;
}

// Channel after channel: for planes, and for what fills no block.
bool pack_channels(const RegionMap &map, const RegionBlock &block) {
  bool any = false;
  for (std::int64_t c = 0; c < region_channels; ++c) {
    float *to = block.cells + c;
    for (std::int64_t y = 0; y < block.height; ++y) {
      const float *from = map.data + c * map.channel_stride + y * map.row_stride;
      for (std::int64_t x = 0; x < block.width; ++x, to += region_channels) {
        const float value = c < block.channels ? from[x * map.column_stride] + 0.0F : 0.0F;
        any |= value != value;
        *to = value;
      }
    }
  }
  return any;
}

void pack_regions(const RegionMap &map, bool ignore_nan, RegionBlock &block) {
  block.has_keys = map.channel_stride == 1 && block.channels == region_channels
                       ? pack_pixels(map, block)
                       : pack_channels(map, block);
  if (!block.has_keys) return;
  for (std::int64_t k = 0; k < block.height * block.width * region_channels; ++k) {
    const std::int32_t key = KeyValues::key(block.cells[k], ignore_nan);
    std::memcpy(block.cells + k, &key, sizeof key);
  }
}

// to[k] = the maximum of Side that lie `apart`, for `count` of them.
template <class Values, int Side>
SPP_APART void make_table(const float *from, std::int64_t apart, std::int64_t count, float *to) {
  for (std::int64_t k = 0; k < count; k += Simd<float>::lanes) {
    typename Values::R most = Values::load(from + k);
    repeat<Side - 1>([&](int i) SPP_INLINE_LAMBDA {
      most = Values::larger(Values::load(from + k + (i + 1) * apart), most);
    });
    Values::keep(to + k, most);
  }
}

// The tables 1 x s, s x 1, s x s behind the block.  Where a row ends the first and the last run on
// into the next one: no bin reads there.
template <class Values, int Side>
void make_tables_of(const RegionBlock &block) {
  const std::int64_t row = block.width * region_channels;
  const std::int64_t size = block.height * row;
  const std::int64_t wide = size - (Side - 1) * region_channels;
  const std::int64_t high = size - (Side - 1) * row;
  float *const table = block.cells + size;
  if (block.width >= Side) make_table<Values, Side>(block.cells, region_channels, wide, table);
  if (block.height < Side) return;
  make_table<Values, Side>(block.cells, row, high, table + size);
  if (block.width >= Side)
    make_table<Values, Side>(table, row, wide - (Side - 1) * row, table + 2 * size);
}

template <int Side>
void make_tables_by(const RegionBlock &block) {
  if (block.has_keys)
    make_tables_of<KeyValues, Side>(block);
  else
    make_tables_of<FloatValues, Side>(block);
}

void make_region_tables(const RegionBlock &block) {
  static_assert(most_table_side == 4, "a case for each side");
  switch (block.table_side) {
    case 2:
      return make_tables_by<2>(block);
    case 3:
      return make_tables_by<3>(block);
    default:
      return make_tables_by<4>(block);
  }
}

}  // namespace

extern const RegionKernels SPP_JOIN(region_kernels_, SPP_TIER_NAME);
const RegionKernels SPP_JOIN(region_kernels_, SPP_TIER_NAME) = {pack_regions, make_region_tables,
                                                                pool_regions, SPP_TIER_ID};

}  // namespace spp::SPP_TIER_NAME
