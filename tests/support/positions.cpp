#include "support/positions.hpp"

#include "oracle.hpp"

namespace {

std::uint64_t scrambled(std::uint64_t value) {
  value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 29)) * 0xbf58476d1ce4e5b9U;
  return value ^ (value >> 32);
}

// The cell of a bin that a random weight per cell and channel makes its winner; -1: no cell.
std::int64_t winner(oracle::Span rows, oracle::Span columns, std::int64_t width,
                    std::uint64_t seed) {
  std::int64_t best = -1;
  std::uint64_t best_weight = 0;
  for (std::int64_t y = rows.begin; y < rows.end; ++y) {
    for (std::int64_t x = columns.begin; x < columns.end; ++x) {
      const std::int64_t position = y * width + x;
      const std::uint64_t weight = scrambled(seed + static_cast<std::uint64_t>(position));
      if (best >= 0 && weight <= best_weight) continue;
      best = position;
      best_weight = weight;
    }
  }
  return best;
}

// Gives the position of channel 0's first bin to a finest bin in another quarter, whose own position no
// coarser bin has: one winner too few, and one coarse position found too often.  For 21 bins in the
// order bins, channels.
void double_first(std::vector<std::int64_t> &positions, std::int64_t channels) {
  const auto at = [&](std::int64_t bin) -> std::int64_t & {
    return positions[static_cast<std::size_t>(bin * channels)];
  };
  if (static_cast<std::int64_t>(positions.size()) != 21 * channels) return;
  for (std::int64_t row = 3; row >= 0; --row) {
    for (std::int64_t column = 0; column < 4; ++column) {
      const std::int64_t quarter = 1 + row / 2 * 2 + column / 2;
      std::int64_t &own = at(5 + row * 4 + column);
      if (at(quarter) == at(0) || at(quarter) == own) continue;
      own = at(0);
      return;
    }
  }
}

}  // namespace

std::vector<std::int64_t> positions_of(const Recipe &recipe, Origin origin, const PositionsMap &map,
                                       std::uint64_t seed) {
  const bool adaptive = recipe.bin_rule == SPP_BINS_ADAPTIVE;
  const auto anywhere = [&](std::uint64_t random) {
    random = scrambled(random);
    const auto y = static_cast<std::int64_t>(random % static_cast<std::uint64_t>(map.valid_height));
    const auto x =
        static_cast<std::int64_t>((random >> 32) % static_cast<std::uint64_t>(map.valid_width));
    return y * map.width + x;
  };
  std::vector<std::int64_t> positions;
  for (const spp_level &level : recipe.levels) {
    const std::int64_t bins = std::int64_t{level.rows} * level.columns;
    for (std::int64_t k = 0; k < bins * map.channels; ++k) {
      const bool channels_first = recipe.order == SPP_ORDER_CHANNELS_BINS;
      const std::int64_t bin = channels_first ? k % bins : k / map.channels;
      const std::int64_t channel = channels_first ? k / bins : k % map.channels;
      const auto own_seed = seed + 1000003 * static_cast<std::uint64_t>(channel);
      const std::uint64_t random = scrambled(seed + 77 * positions.size());
      std::int64_t position =
          winner(oracle::bin_span(adaptive, map.valid_height, level.rows, bin / level.columns),
                 oracle::bin_span(adaptive, map.valid_width, level.columns, bin % level.columns),
                 map.width, own_seed);
      switch (origin) {
        case Origin::winners:
        case Origin::one_stray:
        case Origin::coarse_stray:
        case Origin::doubled:
          break;
        case Origin::stray_winners:
          if (random % 97 == 0) position = random % 2 == 0 ? -1 : anywhere(random);
          break;
        case Origin::anywhere:
          position = random % 19 == 0 ? -1 : anywhere(random);
          break;
        case Origin::few_cells:
          position = anywhere(seed + random % 3);
          break;
        case Origin::one_cell:
          position = anywhere(seed);
          break;
        case Origin::none:
          position = -1;
          break;
        case Origin::shifted:
          if (random % 97 == 0 && position + 0x10000 < map.valid_height * map.width)
            position += 0x10000;
          break;
      }
      positions.push_back(position);
    }
  }
  if (origin == Origin::coarse_stray) positions[0] = anywhere(seed + 5);
  if (origin == Origin::doubled) double_first(positions, map.channels);
  if (origin == Origin::one_stray)
    positions[scrambled(seed) % positions.size()] = anywhere(seed + 5);
  return positions;
}

void edit_positions(const std::vector<PositionEdit> &edits, std::size_t row,
                    const PositionsMap &map, std::vector<std::int64_t> &positions) {
  for (const PositionEdit &edit : edits) {
    if (edit.row != row) continue;
    const std::int64_t moved = positions[edit.from] + edit.by;
    const bool is_valid =
        moved >= 0 && moved % map.width < map.valid_width && moved / map.width < map.valid_height;
    if (is_valid || moved == -1) positions[edit.place] = moved;
  }
}
