// Where the bins of many windows lie along one axis: once per size of window, since few differ.
#pragma once

#include <cstdint>

#include "arena.hpp"
#include "edges.hpp"
#include "pooling.hpp"
#include "region_job.hpp"

namespace spp {

// All levels, finest first.
struct AxisPlan {
  const Stretch *stretches;
  std::uint64_t nests;  // bit k: along this axis level k is made of bins of its source
  std::int64_t end;     // of the last bin
};

class AxisPlanner {
 public:
  enum class Direction { rows, columns };

  // For at most `windows` windows of maps of at most `most_length` cells.
  AxisPlanner(const Pooling &pooling, Direction direction, std::int64_t windows,
              std::int64_t most_length, Arena &arena);
  static std::int64_t bytes(const Pooling &pooling, Direction direction, std::int64_t windows,
                            std::int64_t most_length);

  // `origin`: the cell that the stretches count from.
  const AxisPlan &plan(const Axis &axis, std::int64_t &origin);

 private:
  const AxisPlan &add(const Axis &axis);
  std::int32_t side(std::size_t k) const {
    const Level &level = pooling_.levels[static_cast<std::size_t>(pooling_.finest_first[k])];
    return direction_ == Direction::rows ? level.rows : level.columns;
  }

  const Pooling &pooling_;
  const Direction direction_;
  const std::int64_t most_length_;
  const AxisPlan **of_size_;
  AxisPlan *next_plan_;
  Stretch *next_stretch_;
  Span *spans_;  // of all levels, for add()
};

}  // namespace spp
