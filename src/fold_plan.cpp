#include "fold_plan.hpp"

#include <algorithm>

namespace spp {
namespace {

bool are_disjoint(const Span *spans, std::int32_t count) {
  for (std::int32_t i = 1; i < count; ++i)
    if (spans[i].first < spans[i - 1].last) return false;
  return true;
}

// Which of the `count` coarse spans has each of the fine ones.
bool find_around(const Span *coarse, std::int32_t count, const Span *fine, std::int32_t fine_count,
                 std::int16_t *around) {
  Span sources[most_fold_side];
  if (!derive_spans(coarse, count, fine, fine_count, sources) || !are_disjoint(sources, count))
    return false;
  std::fill(around, around + fine_count, std::int16_t{-1});
  for (std::int32_t k = 0; k < count; ++k)
    std::fill(around + sources[k].first, around + sources[k].last, static_cast<std::int16_t>(k));
  return true;
}

}  // namespace

bool make_fold_plan(const Pooling &pooling, std::int64_t height, std::int64_t width,
                    FoldPlan &plan) {
  const std::int32_t rule = pooling.bin_rule;
  if (pooling.levels.size() > most_fold_levels || pooling.finest_side > most_fold_side)
    return false;
  plan.level_count = static_cast<std::int32_t>(pooling.levels.size());
  plan.finest = pooling.finest_first[0];
  plan.bins = pooling.bins;
  const Level &finest = pooling.levels[static_cast<std::size_t>(plan.finest)];
  plan.row_count = finest.rows;
  plan.column_count = finest.columns;
  if (bin_spans(rule, height, finest.rows, plan.rows) != 0 ||
      bin_spans(rule, width, finest.columns, plan.columns) != 0 ||
      !are_disjoint(plan.rows, finest.rows) || !are_disjoint(plan.columns, finest.columns))
    return false;
  for (std::int32_t l = 0; l < plan.level_count; ++l) {
    const Level &level = pooling.levels[static_cast<std::size_t>(l)];
    plan.first_bins[l] = level.first_bin;
    plan.level_columns[l] = level.columns;
    Span spans[most_fold_side];
    bin_spans(rule, height, level.rows, spans);
    if (!find_around(spans, level.rows, plan.rows, plan.row_count, plan.level_rows[l]))
      return false;
    bin_spans(rule, width, level.columns, spans);
    if (!find_around(spans, level.columns, plan.columns, plan.column_count,
                     plan.level_columns_of[l]))
      return false;
  }
  return true;
}

}  // namespace spp
