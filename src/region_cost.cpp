#include "region_cost.hpp"

#include <algorithm>

namespace spp {
namespace {

// Nanoseconds for narrow_depth channels, fitted to the figures in DESIGN.md, "Regions".
constexpr double load_ns = 1.7;  // from the packed block or a table
constexpr double bin_ns = 6;     // a bin's way to memory
constexpr double pack_cell_ns = 7;
constexpr double table_cell_ns = 7;
// The same for regions on their own, which are not written past the caches.
constexpr double apart_load_ns = 2;
constexpr double apart_bin_ns = 6;
constexpr double apart_large_bin_ns = 17;
constexpr double apart_call_ns = 500;  // for all channels

}  // namespace

RegionCost::RegionCost(const RegionLevel *levels, std::int64_t level_count, std::int64_t bins,
                       std::int64_t channels, bool is_large)
    : levels_(levels),
      level_count_(level_count),
      bins_ns_(bin_ns * static_cast<double>(bins)),
      apart_region_ns_((is_large ? apart_large_bin_ns : apart_bin_ns) * static_cast<double>(bins) +
                       apart_call_ns * narrow_depth / static_cast<double>(channels)) {}

void RegionCost::add(const AxisPlan &rows, const AxisPlan &columns, std::uint64_t merged) {
  for (std::int32_t side = 1; side <= most_table_side; ++side) {
    const Loads count = loads(rows, columns, merged, side);
    of_side_[side] += bins_ns_ + load_ns * static_cast<double>(count.weighed);
    if (side == 1) apart_ += apart_region_ns_ + apart_load_ns * static_cast<double>(count.all);
  }
}

std::int32_t RegionCost::finish_map(std::int64_t cells) {
  std::int32_t best = 1;
  for (std::int32_t side = 2; side <= most_table_side; ++side) {
    of_side_[side] += table_cell_ns * static_cast<double>(cells);
    if (of_side_[side] < of_side_[best]) best = side;
  }
  shared_ += of_side_[best] + pack_cell_ns * static_cast<double>(cells);
  std::fill(of_side_, of_side_ + most_table_side + 1, 0.0);
  return best;
}

RegionCost::Loads RegionCost::loads(const AxisPlan &rows, const AxisPlan &columns,
                                    std::uint64_t merged, std::int32_t side) const {
  bool many = false;
  const auto sum = [side, &many](const Stretch *stretches, std::int32_t count) {
    std::int64_t of_axis = 0;
    for (std::int32_t i = 0; i < count; ++i) {
      const std::int32_t of_bin = table_loads(stretches[i].size, side);
      many |= of_bin > most_loads;
      of_axis += of_bin;
    }
    return of_axis;
  };
  Loads result{0, 0};
  for (std::int64_t k = 0; k < level_count_; ++k) {
    if ((merged >> k & 1) != 0) continue;
    const RegionLevel &level = levels_[k];
    many = false;
    const std::int64_t of_level = sum(rows.stretches + level.first_row, level.rows) *
                                  sum(columns.stretches + level.first_column, level.columns);
    result.all += of_level;
    result.weighed += many ? 2 * of_level : of_level;
  }
  return result;
}

}  // namespace spp
