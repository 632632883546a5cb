// Which levels read pixels, and which are merged from others, for one size of
// maps or windows.  Integers only.
#pragma once

#include <cstdint>

#include "arena.hpp"
#include "edges.hpp"
#include "pooling.hpp"

namespace spp {

// Where a pass reads from or writes to.
enum class Place {
  map,    // the caller's pixels
  cells,  // scratch: the map cut along the edges of all levels that read pixels
  bins    // the output row (or its image in scratch), from bin `first` on
};

// A rectangular arrangement of results, each the maximum over a rectangle of sources:
// result (i, j) = max of source pixels rows[i] x columns[j].
struct Pass {
  Place source;
  std::int64_t source_first;    // Place::bins: the bin that is pixel (0, 0)
  std::int64_t source_columns;  // pixels in one row of the source; Place::map: not used
  Place target;
  std::int64_t target_first;  // Place::bins: the bin of result (0, 0)
  const Span *rows;
  const Span *columns;
  std::int64_t row_count;
  std::int64_t column_count;
};

// The passes in order: a pass reads only what earlier ones have written.  The map is read by the
// first one alone if there are cells, else by one pass per level that is not derived.
struct Grid {
  Pass *passes;
  std::int32_t pass_count;
  std::int64_t cells;  // 0: no pass uses Place::cells
};

// Extra cuts of one axis, so that the parts of a large map can be read by different threads.
struct Cuts {
  std::int64_t rows = 1;     // parts along the rows; 1: none
  std::int64_t columns = 1;  // parts along the columns
  bool any() const { return rows > 1 || columns > 1; }
};

// Part k of `parts` of an axis covers [part_start(k), part_start(k + 1)).
inline std::int64_t part_start(std::int64_t length, std::int64_t parts, std::int64_t k) {
  return length / parts * k + length % parts * k / parts;
}

// An upper bound for the memory that make_grid() takes.
std::size_t grid_bytes(const Pooling &pooling, Cuts cuts);

// The scratch that the caller has for cells.
struct CellRoom {
  std::int64_t bytes;
  std::int64_t each;  // bytes of one cell
};

// With cuts there are cells in any case, else if there is room for them and they are cheaper.
Grid make_grid(const Pooling &pooling, const Axis &vertical, const Axis &horizontal, Cuts cuts,
               CellRoom room, Arena &arena);

// Number of empty bins of a level for a map size.
std::int64_t count_empty_bins(const Pooling &pooling, const Level &level, std::int64_t height,
                              std::int64_t width);

}  // namespace spp
