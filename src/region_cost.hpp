// Whether regions are worth sharing their map, and of which size its tables are.
#pragma once

#include <cstdint>

#include "region_job.hpp"
#include "region_plan.hpp"

namespace spp {

class RegionCost {
 public:
  // `is_large`: the output is written past the caches.
  RegionCost(const RegionLevel *levels, std::int64_t level_count, std::int64_t bins,
             std::int64_t channels, bool is_large);

  // A window of the map.
  void add(const AxisPlan &rows, const AxisPlan &columns, std::uint64_t merged);

  // The best side of the tables for the windows added since the last map; 1: no tables.
  std::int32_t finish_map(std::int64_t cells);

  bool is_less_shared() const { return shared_ < apart_; }

 private:
  struct Loads {
    std::int64_t all;
    std::int64_t weighed;  // twice where there are more along an axis than are written out
  };
  Loads loads(const AxisPlan &rows, const AxisPlan &columns, std::uint64_t merged,
              std::int32_t side) const;

  const RegionLevel *levels_;
  const std::int64_t level_count_;
  const double bins_ns_;
  const double apart_region_ns_;
  double of_side_[most_table_side + 1] = {};  // of this map's windows
  double shared_ = 0;
  double apart_ = 0;
};

}  // namespace spp
