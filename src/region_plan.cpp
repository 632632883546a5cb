#include "region_plan.hpp"

#include <algorithm>

namespace spp {
namespace {

// That of its size, and where the map cuts it one of its own.
constexpr std::int64_t plans_per_window = 2;

std::int64_t sides(const Pooling &pooling, AxisPlanner::Direction direction) {
  return direction == AxisPlanner::Direction::rows ? pooling.row_sides : pooling.column_sides;
}

Cover cover(Stretch stretch, CoverForm form) {
  const bool from_table = stretch.size >= form.side;
  const std::int32_t side = from_table ? form.side : 1;
  const std::int32_t step = side * form.cell;
  const std::int32_t first =
      stretch.first * form.cell + (from_table && form.side > 1 ? form.table : 0);
  const std::int32_t last = first + (stretch.size - side) * form.cell;
  return {{first, std::min(first + step, last), std::min(first + 2 * step, last)},
          table_loads(stretch.size, form.side),
          last,
          step,
          0};
}

}  // namespace

std::int64_t AxisPlanner::bytes(const Pooling &pooling, Direction direction, std::int64_t windows,
                                std::int64_t most_length) {
  const std::int64_t all = sides(pooling, direction);
  windows *= plans_per_window;
  return (most_length + 1) * static_cast<std::int64_t>(sizeof(AxisPlan *)) +
         windows * static_cast<std::int64_t>(sizeof(AxisPlan)) +
         windows * all * static_cast<std::int64_t>(sizeof(Stretch) + sizeof(Cover)) +
         all * static_cast<std::int64_t>(sizeof(Span));
}

AxisPlanner::AxisPlanner(const Pooling &pooling, Direction direction, std::int64_t windows,
                         std::int64_t most_length, Arena &arena)
    : pooling_(pooling),
      direction_(direction),
      of_size_(arena.take<const AxisPlan *>(most_length + 1)),
      next_plan_(arena.take<AxisPlan>(plans_per_window * windows)),
      next_stretch_(arena.take<Stretch>(plans_per_window * windows * sides(pooling, direction))),
      next_cover_(arena.take<Cover>(plans_per_window * windows * sides(pooling, direction))),
      map_stretch_(next_stretch_),
      spans_(arena.take<Span>(sides(pooling, direction))) {}

void AxisPlanner::begin_map(std::int64_t length) {
  length_ = length;
  std::fill(of_size_, of_size_ + length + 1, nullptr);
  map_stretch_ = next_stretch_;
}

void AxisPlanner::finish_map(CoverForm form) {
  for (const Stretch *stretch = map_stretch_; stretch != next_stretch_;)
    for (std::size_t k = 0; k < pooling_.levels.size(); ++k) {
      Cover *const first = next_cover_;
      std::int32_t most = 1;
      for (std::int32_t i = 0; i < side(k); ++i, ++stretch) {
        const Cover made = cover(*stretch, form);
        most = made.count == 0 || made.count > most_loads ? 0 : most;
        if (most != 0) most = std::max(most, made.count);
        *next_cover_++ = made;
      }
      for (Cover *made = first; made != next_cover_; ++made) made->most = most;
    }
}

// Windows that the map cuts have plans of their own, in cells of the map.
const AxisPlan &AxisPlanner::plan(const Axis &axis, std::int64_t &origin) {
  if (axis.first >= axis.within.first && axis.size <= length_) {
    const AxisPlan *&known = of_size_[axis.size];
    if (known == nullptr) known = &add({0, axis.size, {0, INT64_MAX}});
    if (axis.first + known->end <= axis.within.last) {
      origin = axis.first;
      return *known;
    }
  }
  origin = 0;
  return add(axis);
}

const AxisPlan &AxisPlanner::add(const Axis &axis) {
  AxisPlan &plan = *next_plan_++;
  plan = {next_stretch_, next_cover_ + (next_stretch_ - map_stretch_), 0, 0};
  std::uint64_t filled = 0;  // levels without empty bins
  Span *spans = spans_;
  for (std::size_t k = 0; k < pooling_.levels.size(); ++k) {
    const std::int32_t bins = side(k);
    if (bin_spans(pooling_.bin_rule, axis, bins, spans) == 0) filled |= std::uint64_t{1} << k;
    for (std::int32_t i = 0; i < bins; ++i)
      *next_stretch_++ = {static_cast<std::int32_t>(spans[i].first),
                          static_cast<std::int32_t>(spans[i].last - spans[i].first)};
    plan.end = std::max(plan.end, spans[bins - 1].last);
    const Nesting &nesting = pooling_.nestings[k];
    if (nesting.source >= 0 && (filled >> k & filled >> nesting.source & 1) != 0) {
      const Span *source = spans_;
      for (std::int32_t from = 0; from < nesting.source; ++from)
        source += side(static_cast<std::size_t>(from));
      const Span *unions =
          direction_ == Direction::rows ? nesting.rows.data() : nesting.columns.data();
      if (are_unions(spans, unions, bins, source)) plan.nests |= std::uint64_t{1} << k;
    }
    spans += bins;
  }
  return plan;
}

}  // namespace spp
