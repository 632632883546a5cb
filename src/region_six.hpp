// The pyramid of the SPP-net paper's detector, 6, 3, 2, 1, with its levels in registers: each bin of the
// finest level is read, written, and added to the one bin of each coarser level that it is part of.
#pragma once

#include "region_bins.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

constexpr int six = 6;

// Places of the first bins of the levels in the output row.
struct RegionSix {
  RegionBins finest;
  std::int64_t three, two, one;
};

template <class Form>
struct RegionSixReader {
  using Sum = RegionSum<Form>;
  // 1 bin of the finest level, 3 of the next, 2 and 1; and what is loaded.
  static constexpr bool fits_registers = Sum::vectors * 7 + 2 <= registers;

  static SPP_INLINE void read(const RegionSix &region) {
    each[region.finest.y->most - 1][region.finest.x->most - 1](region);
  }

 private:
  template <int Rows, int Columns>
  static SPP_APART void few(const RegionSix &region) {
    const RegionBins bins = region.finest;  // a copy: see RegionReader
    std::int64_t bin = bins.first_bin;
    std::int64_t bin_of_three = region.three;
    std::int64_t bin_of_two = region.two;
    Sum three[3], two[2], one;
    one.clear();
    for (std::int64_t j = 0; j < six; ++j, bin += six) {
      const float *line[Rows];
      repeat<Rows>([&](int p) SPP_INLINE_LAMBDA { line[p] = bins.cells + bins.y[j].at[p]; });
      if (j % 2 == 0) repeat<3>([&](int i) SPP_INLINE_LAMBDA { three[i].clear(); });
      if (j % 3 == 0) repeat<2>([&](int i) SPP_INLINE_LAMBDA { two[i].clear(); });
      repeat<six>([&](int i) SPP_INLINE_LAMBDA {
        Sum sum;
        RegionReader<Form>::template load<Rows, Columns>(sum, line, bins.x[i]);
        sum.write(bins.target, bin + i);
        three[i / 2].add(sum);
        two[i / 3].add(sum);
      });
      if (j % 2 == 1)
        repeat<3>([&](int i) SPP_INLINE_LAMBDA { three[i].write(bins.target, bin_of_three++); });
      if (j % 3 == 2)
        repeat<2>([&](int i) SPP_INLINE_LAMBDA {
          two[i].write(bins.target, bin_of_two++);
          one.add(two[i]);
        });
    }
    one.write(bins.target, region.one);
  }

  using Read = void (*)(const RegionSix &);
  static constexpr Read each[most_loads][most_loads] = {{few<1, 1>, few<1, 2>, few<1, 3>},
                                                        {few<2, 1>, few<2, 2>, few<2, 3>},
                                                        {few<3, 1>, few<3, 2>, few<3, 3>}};
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
