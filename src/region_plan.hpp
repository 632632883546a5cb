// Where the bins of many windows lie along one axis: once per size of window, since few differ.
#pragma once

#include <cstdint>

#include "arena.hpp"
#include "edges.hpp"
#include "pooling.hpp"
#include "region_job.hpp"

namespace spp {

// The cells of a bin, from the window's first one on.
struct Stretch {
  std::int32_t first;
  std::int32_t size;
};

// Loads that cover a stretch with tables of that side.
inline std::int32_t table_loads(std::int32_t size, std::int32_t side) {
  return size < side ? size : (size + side - 1) / side;
}

// How the covers of one map are made, in elements of its block.
struct CoverForm {
  std::int32_t cell;   // from cell to cell
  std::int32_t table;  // from the block to the table of this axis
  std::int32_t side;   // of the tables; 1: there are none
};

// All levels, finest first.
struct AxisPlan {
  const Stretch *stretches;
  const Cover *covers;  // of the same bins, once finish_map() has made them
  std::uint64_t nests;  // bit k: along this axis level k is made of bins of its source
  std::int64_t end;     // of the last bin
};

class AxisPlanner {
 public:
  enum class Direction { rows, columns };

  // For at most `windows` windows in all, of maps of at most `most_length` cells.
  AxisPlanner(const Pooling &pooling, Direction direction, std::int64_t windows,
              std::int64_t most_length, Arena &arena);
  static std::int64_t bytes(const Pooling &pooling, Direction direction, std::int64_t windows,
                            std::int64_t most_length);

  // Around the windows of one map.
  void begin_map(std::int64_t length);
  void finish_map(CoverForm form);

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
  std::int64_t length_ = 0;
  const AxisPlan **of_size_;
  AxisPlan *next_plan_;
  Stretch *next_stretch_;
  Cover *next_cover_;
  const Stretch *map_stretch_;  // the first of this map
  Span *spans_;                 // of all levels, for add()
};

}  // namespace spp
