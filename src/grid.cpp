#include "grid.hpp"

#include <algorithm>

namespace spp {
namespace {

// What is known of a level while the grid is made.
struct Laid {
  const Level *level;
  Span *rows;  // in cells of the map
  Span *columns;
  bool any_empty;
  bool reads_map;  // not derived from another level
};

// Distinct edges of an axis, in order, and with them the cells between neighbours.
struct EdgeList {
  std::int64_t *edges;
  std::int64_t count = 0;

  void add(const Span *spans, std::int64_t span_count) {
    for (std::int64_t i = 0; i < span_count; ++i) {
      edges[count++] = spans[i].first;
      edges[count++] = spans[i].last;
    }
  }
  void add_cuts(std::int64_t length, std::int64_t parts) {
    for (std::int64_t k = 0; k <= parts; ++k) edges[count++] = part_start(length, parts, k);
  }
  void finish() {
    std::sort(edges, edges + count);
    count = std::unique(edges, edges + count) - edges;
  }
  std::int64_t cells() const { return count - 1; }
  std::int64_t index(std::int64_t edge) const {
    return std::lower_bound(edges, edges + count, edge) - edges;
  }
  Span *cell_spans(Arena &arena) const {
    Span *spans = arena.take<Span>(cells());
    for (std::int64_t i = 0; i < cells(); ++i) spans[i] = {edges[i], edges[i + 1]};
    return spans;
  }
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
  GridMaker(const Pooling &pooling, std::int64_t height, std::int64_t width, Cuts cuts,
            Arena &arena)
      : pooling_(pooling), height_(height), width_(width), cuts_(cuts), arena_(arena) {}

  Grid make(std::int64_t cell_limit) {
    const auto levels = static_cast<std::int64_t>(pooling_.levels.size());
    laid_ = arena_.take<Laid>(levels);
    grid_.passes = arena_.take<Pass>(levels + 1);
    derived_ = arena_.take<Pass>(levels);
    for (const std::int32_t index : pooling_.finest_first) lay(pooling_.levels[index]);

    // The cheap case first: one level reads the map, all others are merged from it.
    if (cuts_.any() || (readers_ > 1 && cells_are_cheaper(cell_limit))) {
      read_through_cells();
    } else {
      grid_.reading_passes = readers_;
      for (std::int32_t k = 0; k < laid_count_; ++k)
        if (laid_[k].reads_map) add(direct(laid_[k]));
    }
    for (std::int32_t k = 0; k < derived_count_; ++k) add(derived_[k]);
    return grid_;
  }

 private:
  void add(const Pass &pass) { grid_.passes[grid_.pass_count++] = pass; }

  void lay(const Level &level) {
    Laid &laid = laid_[laid_count_++];
    laid.level = &level;
    laid.rows = arena_.take<Span>(level.rows);
    const bool empty_rows =
        bin_spans(pooling_.bin_rule, height_, level.rows, laid.rows) != 0;
    bool empty_columns = empty_rows;
    if (level.rows == level.columns && height_ == width_) {
      laid.columns = laid.rows;
    } else {
      laid.columns = arena_.take<Span>(level.columns);
      empty_columns = bin_spans(pooling_.bin_rule, width_, level.columns, laid.columns) != 0;
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
    Pass pass{};
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
      pass.source = Place::bins;
      pass.source_first = from.level->first_bin;
      pass.source_columns = from.level->columns;
      pass.rows = rows_;
      pass.columns = columns;
      aim(pass, level);
      derived_[derived_count_++] = pass;
      rows_ = columns_ = nullptr;
      return true;
    }
    rows_ = columns_ = nullptr;
    return false;
  }

  static void aim(Pass &pass, const Level &level) {
    pass.target = Place::bins;
    pass.target_first = level.first_bin;
    pass.row_count = level.rows;
    pass.column_count = level.columns;
  }

  static Pass direct(const Laid &laid) {
    Pass pass{};
    pass.source = Place::map;
    pass.rows = laid.rows;
    pass.columns = laid.columns;
    aim(pass, *laid.level);
    return pass;
  }

  void find_cells() {
    if (row_edges_.edges != nullptr) return;
    row_edges_.edges = arena_.take<std::int64_t>(most_edges(pooling_.row_sides, cuts_.rows));
    column_edges_.edges =
        arena_.take<std::int64_t>(most_edges(pooling_.column_sides, cuts_.columns));
    for (std::int32_t k = 0; k < laid_count_; ++k) {
      if (!laid_[k].reads_map) continue;
      row_edges_.add(laid_[k].rows, laid_[k].level->rows);
      column_edges_.add(laid_[k].columns, laid_[k].level->columns);
    }
    if (cuts_.rows > 1) row_edges_.add_cuts(height_, cuts_.rows);
    if (cuts_.columns > 1) column_edges_.add_cuts(width_, cuts_.columns);
    row_edges_.finish();
    column_edges_.finish();
  }

  // Costs in vector reads for one vector of channels.  A result costs about two reads on top of
  // its sources (set-up, canonical form, store), measured on maps in the second-level cache.
  bool cells_are_cheaper(std::int64_t cell_limit) {
    find_cells();
    const std::int64_t cells = row_edges_.cells() * column_edges_.cells();
    if (cells > cell_limit) return false;
    constexpr std::int64_t per_result = 2;
    std::int64_t through_cells = height_ * width_ + per_result * cells;
    std::int64_t directly = 0;
    for (std::int32_t k = 0; k < laid_count_; ++k) {
      const Laid &laid = laid_[k];
      if (!laid.reads_map) continue;
      directly += covered(laid.rows, laid.level->rows) * covered(laid.columns, laid.level->columns);
      const Span *rows = in_cells(row_edges_, laid.rows, laid.level->rows, &scratch_spans_);
      const std::int64_t cell_rows = covered(rows, laid.level->rows);
      const Span *columns =
          in_cells(column_edges_, laid.columns, laid.level->columns, &scratch_spans_);
      through_cells += cell_rows * covered(columns, laid.level->columns);
    }
    return through_cells < directly;
  }

  // The spans in indices of cells.  *buffer is made at the first use and then overwritten.
  const Span *in_cells(const EdgeList &edges, const Span *spans, std::int64_t count,
                       Span **buffer) {
    if (*buffer == nullptr) *buffer = arena_.take<Span>(pooling_.finest_side);
    for (std::int64_t i = 0; i < count; ++i)
      (*buffer)[i] = {edges.index(spans[i].first), edges.index(spans[i].last)};
    return *buffer;
  }

  void read_through_cells() {
    find_cells();
    Pass cells{};
    cells.source = Place::map;
    cells.target = Place::cells;
    cells.rows = row_edges_.cell_spans(arena_);
    cells.columns = column_edges_.cell_spans(arena_);
    cells.row_count = row_edges_.cells();
    cells.column_count = column_edges_.cells();
    add(cells);
    grid_.reading_passes = 1;
    grid_.cells = cells.row_count * cells.column_count;
    for (std::int32_t k = 0; k < laid_count_; ++k) {
      if (!laid_[k].reads_map) continue;
      Span *rows = nullptr;
      Span *columns = nullptr;
      Pass pass{};
      pass.source = Place::cells;
      pass.source_columns = cells.column_count;
      pass.rows = in_cells(row_edges_, laid_[k].rows, laid_[k].level->rows, &rows);
      pass.columns = in_cells(column_edges_, laid_[k].columns, laid_[k].level->columns, &columns);
      aim(pass, *laid_[k].level);
      add(pass);
    }
  }

  const Pooling &pooling_;
  const std::int64_t height_;
  const std::int64_t width_;
  const Cuts cuts_;
  Arena &arena_;
  Grid grid_{};
  Laid *laid_ = nullptr;
  Pass *derived_ = nullptr;
  std::int32_t laid_count_ = 0;
  std::int32_t derived_count_ = 0;
  std::int32_t readers_ = 0;
  Span *rows_ = nullptr;  // room for the level that derive() is looking at
  Span *columns_ = nullptr;
  Span *scratch_spans_ = nullptr;
  EdgeList row_edges_{};
  EdgeList column_edges_{};
};

}  // namespace

std::size_t grid_bytes(const Pooling &pooling, Cuts cuts) {
  const auto levels = static_cast<std::int64_t>(pooling.levels.size());
  const std::int64_t edges = most_edges(pooling.row_sides, cuts.rows) +
                             most_edges(pooling.column_sides, cuts.columns);
  // Spans of every level: in the map, and in its source or in cells.
  const std::int64_t spans = 2 * (pooling.row_sides + pooling.column_sides) +
                             2 * levels * pooling.finest_side + pooling.finest_side;
  const std::int64_t bytes =
      levels * static_cast<std::int64_t>(sizeof(Laid) + sizeof(Pass)) +
      (levels + 1) * static_cast<std::int64_t>(sizeof(Pass)) +
      edges * static_cast<std::int64_t>(sizeof(std::int64_t) + sizeof(Span)) +
      spans * static_cast<std::int64_t>(sizeof(Span));
  return static_cast<std::size_t>(bytes) + 16 * alignof(std::max_align_t);
}

Grid make_grid(const Pooling &pooling, std::int64_t height, std::int64_t width, Cuts cuts,
               std::int64_t cell_limit, Arena &arena) {
  return GridMaker(pooling, height, width, cuts, arena).make(cell_limit);
}

std::int64_t count_empty_bins(const Pooling &pooling, const Level &level, std::int64_t height,
                              std::int64_t width) {
  const std::int64_t rows =
      level.rows - bin_spans(pooling.bin_rule, height, level.rows, nullptr);
  const std::int64_t columns =
      level.columns - bin_spans(pooling.bin_rule, width, level.columns, nullptr);
  return std::int64_t{level.rows} * level.columns - rows * columns;
}

}  // namespace spp
