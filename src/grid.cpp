#include "grid.hpp"

#include "edge_list.hpp"

namespace spp {
namespace {

// What is known of a level while the grid is made.
struct Laid {
  const Level *level;
  Span *rows;  // in cells of the map
  Span *columns;
  bool any_empty;
  bool reads_map;   // not derived from another level
  Span *cell_rows;  // in cells of the grid; only where cells are considered
  Span *cell_columns;
};

// The most edges that one axis can have: both ends of every span, and the cuts.
std::int64_t most_edges(std::int64_t sides, std::int64_t parts) { return 2 * sides + parts + 1; }

std::int64_t covered(const Span *spans, std::int64_t count) {
  std::int64_t cells = 0;
  for (std::int64_t i = 0; i < count; ++i) cells += spans[i].last - spans[i].first;
  return cells;
}

class GridMaker {
 public:
  GridMaker(const Pooling &pooling, const Axis &vertical, const Axis &horizontal, Cuts cuts,
            Arena &arena)
      : pooling_(pooling),
        vertical_(vertical),
        horizontal_(horizontal),
        cuts_(cuts),
        arena_(arena) {}

  Grid make(CellRoom room) {
    const auto levels = static_cast<std::int64_t>(pooling_.levels.size());
    laid_ = arena_.take<Laid>(levels);
    // Merges of levels stand behind `border`; what comes before them is put in front of it, last
    // first, so that all are in one row without being moved.  One level at least is not merged.
    border_ = arena_.take<Pass>(2 * levels) + levels + 1;
    grid_.passes = border_;
    for (const std::int32_t index : pooling_.finest_first) {
      lay(pooling_.levels[static_cast<std::size_t>(index)]);
    }

    // The cheap case first: one level reads the map, all others are merged from it.
    if (cuts_.any() || (readers_ > 1 && cells_are_cheaper(room))) {
      read_through_cells();
    } else {
      for (std::int32_t k = 0; k < laid_count_; ++k)
        if (laid_[k].reads_map) read_directly(laid_[k]);
    }
    return grid_;
  }

 private:
  Pass &put_in_front() {
    ++grid_.pass_count;
    return *--grid_.passes;
  }

  void lay(const Level &level) {
    Laid &laid = laid_[laid_count_++];
    laid.level = &level;
    laid.rows = arena_.take<Span>(level.rows);
    const bool empty_rows = bin_spans(pooling_.bin_rule, vertical_, level.rows, laid.rows) != 0;
    bool empty_columns = empty_rows;
    if (level.rows == level.columns && vertical_ == horizontal_) {
      laid.columns = laid.rows;
    } else {
      laid.columns = arena_.take<Span>(level.columns);
      empty_columns = bin_spans(pooling_.bin_rule, horizontal_, level.columns, laid.columns) != 0;
    }
    laid.any_empty = empty_rows || empty_columns;
    laid.reads_map = !derive(laid);
    readers_ += laid.reads_map;
  }

  // From the coarsest level that will do: it has the fewest bins to merge.  A level with an empty
  // bin is no source, because what stands in that bin is the policy's value and no maximum.
  bool derive(const Laid &laid) {
    if (laid.any_empty) return false;
    const Level &level = *laid.level;
    const Nesting &nesting = pooling_.nestings[static_cast<std::size_t>(laid_count_ - 1)];
    if (nesting.source >= 0 && nests(laid, nesting)) {
      merge(laid_[nesting.source], nesting.rows.data(), nesting.columns.data(), level);
      return true;
    }
    for (std::int32_t k = laid_count_ - 2; k >= 0; --k) {
      const Laid &from = laid_[k];
      if (from.any_empty || from.level->rows < level.rows || from.level->columns < level.columns)
        continue;
      if (rows_ == nullptr) rows_ = arena_.take<Span>(level.rows);
      if (!derive_spans(laid.rows, level.rows, from.rows, from.level->rows, rows_)) continue;
      Span *columns = rows_;
      if (laid.columns != laid.rows || from.columns != from.rows) {
        if (columns_ == nullptr) columns_ = arena_.take<Span>(level.columns);
        columns = columns_;
        if (!derive_spans(laid.columns, level.columns, from.columns, from.level->columns, columns))
          continue;
      }
      merge(from, rows_, columns, level);
      rows_ = columns_ = nullptr;
      return true;
    }
    rows_ = columns_ = nullptr;
    return false;
  }

  // Nearly always: so it is looked at first, with spans that the handle has.
  bool nests(const Laid &laid, const Nesting &nesting) const {
    const Laid &from = laid_[nesting.source];
    if (from.any_empty || !are_unions(laid.rows, nesting.rows.data(), laid.level->rows, from.rows))
      return false;
    return (laid.columns == laid.rows && from.columns == from.rows) ||
           are_unions(laid.columns, nesting.columns.data(), laid.level->columns, from.columns);
  }

  void merge(const Laid &from, const Span *rows, const Span *columns, const Level &level) {
    border_[merged_++] = {Place::bins,
                          from.level->first_bin,
                          from.level->columns,
                          Place::bins,
                          level.first_bin,
                          rows,
                          columns,
                          level.rows,
                          level.columns};
    ++grid_.pass_count;
  }

  void read_directly(const Laid &laid) {
    const Level &level = *laid.level;
    put_in_front() = {
        Place::map,   0, 0, Place::bins, level.first_bin, laid.rows, laid.columns, level.rows,
        level.columns};
  }

  // The cells of all levels that read the map, and each of those levels in cells.
  void find_cells() {
    const bool square = axes_are_alike();
    row_edges_.reserve(most_edges(pooling_.row_sides, cuts_.rows), arena_);
    if (!square) column_edges_.reserve(most_edges(pooling_.column_sides, cuts_.columns), arena_);
    for (Laid *laid = laid_; laid != laid_ + laid_count_; ++laid) {
      if (!laid->reads_map) continue;
      row_edges_.add(laid->rows, laid->level->rows);
      if (!square) column_edges_.add(laid->columns, laid->level->columns);
    }
    if (cuts_.rows > 1) row_edges_.add_cuts(vertical_.within, cuts_.rows);
    if (cuts_.columns > 1) column_edges_.add_cuts(horizontal_.within, cuts_.columns);
    if (square) column_edges_ = row_edges_;
    for (Laid *laid = laid_; laid != laid_ + laid_count_; ++laid) {
      if (!laid->reads_map) continue;
      laid->cell_rows = row_edges_.in_cells(laid->rows, laid->level->rows, arena_);
      laid->cell_columns =
          square ? laid->cell_rows
                 : column_edges_.in_cells(laid->columns, laid->level->columns, arena_);
    }
  }

  // Square levels on a square: the columns are the rows.
  bool axes_are_alike() const {
    if (cuts_.any()) return false;
    for (std::int32_t k = 0; k < laid_count_; ++k)
      if (laid_[k].rows != laid_[k].columns) return false;
    return true;
  }

  // Costs in vector reads for one vector of channels.  A result costs about two reads on top of
  // its sources: set-up, canonical form, store.
  bool cells_are_cheaper(CellRoom room) {
    find_cells();
    const std::int64_t cells = row_edges_.cells() * column_edges_.cells();
    if (cells * room.each > room.bytes) return false;
    constexpr std::int64_t per_result = 2;
    std::int64_t through_cells =
        covered(&vertical_.within, 1) * covered(&horizontal_.within, 1) + per_result * cells;
    std::int64_t directly = 0;
    for (std::int32_t k = 0; k < laid_count_; ++k) {
      const Laid &laid = laid_[k];
      if (!laid.reads_map) continue;
      const Level &level = *laid.level;
      directly += covered(laid.rows, level.rows) * covered(laid.columns, level.columns);
      through_cells +=
          covered(laid.cell_rows, level.rows) * covered(laid.cell_columns, level.columns);
    }
    return through_cells < directly;
  }

  void read_through_cells() {
    if (row_edges_.cells() < 1) find_cells();
    const std::int64_t cell_rows = row_edges_.cells();
    const std::int64_t cell_columns = column_edges_.cells();
    grid_.cells = cell_rows * cell_columns;
    for (std::int32_t k = 0; k < laid_count_; ++k) {
      const Laid &laid = laid_[k];
      if (!laid.reads_map) continue;
      const Level &level = *laid.level;
      put_in_front() = {
          Place::cells,      0,          cell_columns, Place::bins, level.first_bin, laid.cell_rows,
          laid.cell_columns, level.rows, level.columns};
    }
    put_in_front() = {Place::map,
                      0,
                      0,
                      Place::cells,
                      0,
                      row_edges_.cell_spans(arena_),
                      column_edges_.cell_spans(arena_),
                      cell_rows,
                      cell_columns};
  }

  const Pooling &pooling_;
  const Axis vertical_;
  const Axis horizontal_;
  const Cuts cuts_;
  Arena &arena_;
  Grid grid_{};
  Laid *laid_ = nullptr;
  Pass *border_ = nullptr;
  std::int32_t merged_ = 0;
  std::int32_t laid_count_ = 0;
  std::int32_t readers_ = 0;
  Span *rows_ = nullptr;  // room for the level that derive() is looking at
  Span *columns_ = nullptr;
  EdgeList row_edges_{};
  EdgeList column_edges_{};
};

}  // namespace

std::size_t grid_bytes(const Pooling &pooling, Cuts cuts) {
  const auto levels = static_cast<std::int64_t>(pooling.levels.size());
  const std::int64_t edges =
      most_edges(pooling.row_sides, cuts.rows) + most_edges(pooling.column_sides, cuts.columns);
  // Spans of every level: in the map, in its source, in cells.
  const std::int64_t spans = 3 * (pooling.row_sides + pooling.column_sides);
  const std::int64_t bytes =
      levels * static_cast<std::int64_t>(sizeof(Laid)) +
      2 * levels * static_cast<std::int64_t>(sizeof(Pass)) +
      edges * static_cast<std::int64_t>(2 * sizeof(std::int64_t) + sizeof(Span)) +
      spans * static_cast<std::int64_t>(sizeof(Span));
  return static_cast<std::size_t>(bytes) + 16 * alignof(std::max_align_t);
}

Grid make_grid(const Pooling &pooling, const Axis &vertical, const Axis &horizontal, Cuts cuts,
               CellRoom room, Arena &arena) {
  return GridMaker(pooling, vertical, horizontal, cuts, arena).make(room);
}

std::int64_t count_empty_bins(const Pooling &pooling, const Level &level, std::int64_t height,
                              std::int64_t width) {
  const auto filled = [&](std::int64_t length, std::int32_t bins) {
    std::int64_t count = 0;
    for (std::int32_t i = 0; i < bins; ++i) {
      const Span span = bin_span(pooling.bin_rule, whole_axis(length), bins, i);
      count += span.first != span.last;
    }
    return count;
  };
  return std::int64_t{level.rows} * level.columns -
         filled(height, level.rows) * filled(width, level.columns);
}

}  // namespace spp
