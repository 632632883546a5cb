// Positions for gradients: what a forward call gives, and what none would.
#ifndef SPP_TESTS_SUPPORT_POSITIONS_HPP
#define SPP_TESTS_SUPPORT_POSITIONS_HPP

#include <cstdint>
#include <vector>

#include "support/scenario.hpp"

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
};
constexpr int origin_count = 8;

struct PositionsMap {
  std::int64_t valid_height, valid_width, width, channels;
};

// One row, in the order of the recipe.
std::vector<std::int64_t> positions_of(const Recipe &recipe, Origin origin, const PositionsMap &map,
                                       std::uint64_t seed);

#endif
