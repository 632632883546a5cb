// Positions for gradients: what a forward call gives, and what none would.
#ifndef SPP_TESTS_SUPPORT_POSITIONS_HPP
#define SPP_TESTS_SUPPORT_POSITIONS_HPP

#include <cstdint>
#include <vector>

#include "support/recipe.hpp"

// Where the positions of the rows come from.
enum class Origin {
  winners,        // of the bins, as in a forward call
  stray_winners,  // the same, but for few of them that are anywhere or missing
  one_stray,      // the same, but for a single one
  anywhere,       // any valid positions
  few_cells,      // the same few positions in all bins
  one_cell,       // one position for all
  none,           // -1 for all
  shifted,        // winners, but for few that are 2^16 cells further on, if the map has them
  coarse_stray,   // winners, but for the very first position
  doubled,  // winners of 1x1, 2x2 and 4x4 bins, but for one finest bin that has the first one's
};
constexpr int origin_count = 10;

struct PositionsMap {
  std::int64_t valid_height, valid_width, width, channels;
};

// A position that becomes that of place `from` of its row, `by` cells further on, where there is such a
// valid cell.
struct PositionEdit {
  std::size_t row, place, from;
  std::int64_t by;
};

// Makes those edits that are of this row.
void edit_positions(const std::vector<PositionEdit> &edits, std::size_t row,
                    const PositionsMap &map, std::vector<std::int64_t> &positions);

// One row, in the order of the recipe.
std::vector<std::int64_t> positions_of(const Recipe &recipe, Origin origin, const PositionsMap &map,
                                       std::uint64_t seed);

#endif
