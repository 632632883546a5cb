// The bins of one level of a region, each covered by a few loads from a block and its tables.
#pragma once

#include "region_sum.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// The level's bins, some channels of them.
struct RegionBins {
  const float *cells;  // the window's first one
  const Cover *y;
  const Cover *x;
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t first_bin;
  RegionTarget target;
  float *kept;  // nullptr: no level is merged from these
  float empty;
};

template <class Form>
struct RegionReader {
  using Sum = RegionSum<Form>;

  static SPP_INLINE void read(const RegionBins &bins) {
    if (bins.x->most == 0 || bins.y->most == 0)
      any(bins);
    else
      each[bins.y->most - 1][bins.x->most - 1](bins);
  }

  // The bin of these lines and that column.
  template <int Rows, int Columns>
  static SPP_INLINE void load(Sum &sum, const float *const (&line)[Rows], const Cover &column) {
    repeat<Columns>([&](int q) SPP_INLINE_LAMBDA {
      repeat<Rows>([&](int p) SPP_INLINE_LAMBDA {
        if (p == 0 && q == 0)
          sum.load(line[p] + column.at[q]);
        else
          sum.add(line[p] + column.at[q]);
      });
    });
  }

 private:
  // Rows x Columns loads for every bin, so that regions of other sizes take other code once and not
  // bin by bin.  A bin that fewer cover has its last load again, from the first-level cache.
  template <int Rows, int Columns>
  static SPP_APART void few(const RegionBins &given) {
    const RegionBins bins =
        given;  // what is written could be `given`, for all that a compiler knows
    std::int64_t bin = bins.first_bin;
    float *kept = bins.kept;
    for (std::int64_t j = 0; j < bins.rows; ++j) {
      const float *line[Rows];
      repeat<Rows>([&](int p) SPP_INLINE_LAMBDA { line[p] = bins.cells + bins.y[j].at[p]; });
      for (std::int64_t i = 0; i < bins.columns; ++i, ++bin) {
        Sum sum;
        load<Rows, Columns>(sum, line, bins.x[i]);
        sum.write(bins.target, bin);
        if (kept != nullptr) {
          sum.keep(kept);
          kept += Form::depth;
        }
      }
    }
  }

  // Any number of loads; bins without cells are `empty`.
  static SPP_APART void any(const RegionBins &bins) {
    std::int64_t bin = bins.first_bin;
    float *kept = bins.kept;
    for (std::int64_t j = 0; j < bins.rows; ++j) {
      for (std::int64_t i = 0; i < bins.columns; ++i, ++bin) {
        Sum sum;
        if (bins.x[i].count == 0 || bins.y[j].count == 0)
          sum.fill(bins.empty);
        else
          load_any(sum, bins.cells, bins.y[j], bins.x[i]);
        sum.write(bins.target, bin);
        if (kept != nullptr) {
          sum.keep(kept);
          kept += Form::depth;
        }
      }
    }
  }

  static SPP_INLINE void load_any(Sum &sum, const float *cells, const Cover &y, const Cover &x) {
    sum.load(cells + y.at[0] + x.at[0]);
    std::int64_t line = y.at[0];
    for (std::int32_t p = 0; p < y.count; ++p) {
      const float *from = cells + line;
      std::int64_t at = x.at[0];
      for (std::int32_t q = 0; q < x.count; ++q) {
        sum.add(from + at);
        at = at + x.step < x.last ? at + x.step : x.last;
      }
      line = line + y.step < y.last ? line + y.step : y.last;
    }
  }

  using Read = void (*)(const RegionBins &);
  static constexpr Read each[most_loads][most_loads] = {{few<1, 1>, few<1, 2>, few<1, 3>},
                                                        {few<2, 1>, few<2, 2>, few<2, 3>},
                                                        {few<3, 1>, few<3, 2>, few<3, 3>}};
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
