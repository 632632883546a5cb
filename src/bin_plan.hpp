// Which elements of narrow planes make which bins: found once for a window of columns, and followed by
// plane_bins.hpp.
#pragma once

#include "target.hpp"
#include "turn.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class T>
struct BinPlan {
  using L = Lanes<T>;
  using Raw = typename L::Raw;

  // How large bins may be: 4 x 2 cells, of 8 columns; 4 x 4, of 16; 8 x 8, of 24.
  enum class Way { none, twos, fours, eights };

  // The bins of a step come out of the same registers: twos and AVX-512 make four, else two.
  static constexpr int most_steps = 4;
  Way way = Way::none;
  int width;
  int bins;
  int steps;
  int column[most_steps];  // the first one that the step's registers have
  Raw which[most_steps][2];

  // For the bins of `part` between two columns of results, none of them empty, in planes whose columns
  // are counted from `first_column`.
  static BinPlan make(const Part &part, Span results, std::int64_t first_column,
                      std::int64_t width) {
    BinPlan plan;
    if (width > most_width || results.last - results.first > 4 * most_steps) return plan;
    plan.width = static_cast<int>(width);
    plan.bins = static_cast<int>(results.last - results.first);
    Bin bins[4 * most_steps];
    int widest = 0;
    std::int64_t tallest = 0;
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const std::int64_t height = part.row_spans[i].last - part.row_spans[i].first;
      if (height > tallest) tallest = height;
    }
    for (int j = 0; j < plan.bins; ++j) {
      const Span x = part.column_spans[results.first + j];
      if (is_empty(x)) return plan;
      bins[j] = {static_cast<int>(x.first - first_column), static_cast<int>(x.last - x.first)};
      if (bins[j].count > widest) widest = bins[j].count;
    }
    const Way way = way_for(plan.width, widest, tallest);
    const int each = bins_of_step(way);
    plan.steps = (plan.bins + each - 1) / each;
    if (way == Way::none || plan.steps > most_steps) return plan;
    for (int s = 0; s < plan.steps; ++s) {
      Bin some[4];
      for (int j = 0; j < each; ++j)
        some[j] = bins[s * each + j < plan.bins ? s * each + j : plan.bins - 1];
      if (!plan.set_step(s, way, some)) return plan;
    }
    plan.way = way;
    return plan;
  }

 private:
  static constexpr int lanes = Simd<T>::lanes;
  static constexpr bool is_wide = L::count == 4;
  static constexpr int most_width = is_wide ? 24 : 16;

  struct Bin {
    int first;
    int count;
    // The k-th of its columns, the last one for those that it lacks.
    int column(int k) const { return first + (k < count ? k : count - 1); }
  };

  static Way way_for(int width, int widest, std::int64_t tallest) {
    if (width <= 8 && widest <= 2 && tallest <= 4) return Way::twos;
    if ((is_wide || width >= lanes) && width <= 16 && widest <= 4 && tallest <= 4)
      return Way::fours;
    if (is_wide && widest <= 8 && tallest <= 8) return Way::eights;
    return Way::none;
  }
  static constexpr int bins_of_step(Way way) { return way == Way::twos ? 4 : L::count; }

  // Which words of the registers make the bins of a step; whether the registers have them.
  bool set_step(int step, Way taken, const Bin (&of_step)[4]) {
    std::int32_t words[2][lanes];
    int &offset = column[step];
    offset = 0;
    if constexpr (is_wide) {
      for (int j = 0; j < 4; ++j) {
        for (int k = 0; k < 4; ++k) {
          // One lane for each plane; two planes for each bin, word by word; one plane for each bin.
          const int twos = k * 4 + j;
          const int word = j * 4 + k;
          if (taken == Way::twos) {
            words[0][twos] = k * 8 + of_step[j].column(0);
            words[1][twos] = k * 8 + of_step[j].column(1);
          } else if (taken == Way::fours) {
            words[0][word] = k % 2 * 16 + of_step[j].column(k / 2);
            words[1][word] = k % 2 * 16 + of_step[j].column(2 + k / 2);
          } else {
            words[0][word] = of_step[j].column(k);
            words[1][word] = of_step[j].column(4 + k);
          }
        }
      }
    } else if (taken == Way::twos) {
      for (int j = 0; j < 4; ++j)
        for (int k = 0; k < 2; ++k) words[0][k * 4 + j] = of_step[j].column(k);
    } else {
      const int first = of_step[0].first < of_step[1].first ? of_step[0].first : of_step[1].first;
      offset = first < width - lanes ? first : width - lanes;
      for (int j = 0; j < 2; ++j) {
        if (of_step[j].first + of_step[j].count > offset + lanes) return false;
        for (int k = 0; k < 4; ++k) words[0][j * 4 + k] = of_step[j].column(k) - offset;
      }
    }
    std::memcpy(which[step], words, sizeof words[0] * (is_wide ? 2 : 1));
    return true;
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
