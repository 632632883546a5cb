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
  if (origin == Origin::one_stray)
    positions[scrambled(seed) % positions.size()] = anywhere(seed + 5);
  return positions;
}
