// Maps in memory: how they lie, what is in them and around them.
#ifndef SPP_TESTS_SUPPORT_MAPS_HPP
#define SPP_TESTS_SUPPORT_MAPS_HPP

#include <cstdint>

#include "oracle.hpp"
#include "support/paint.hpp"
#include "support/recipe.hpp"

constexpr std::int64_t guarded_bytes = std::int64_t{1} << 26;  // more than any scenario needs

// Not among the painted values, and no result either, but for 8 bits, which have no such value.
constexpr oracle::Value untouched = 0xa5a5a5a5a5a5a5a5U;

struct Strides {
  std::int64_t image, row, column;
  std::int64_t channel = 1;
};

// Those of a layout, without gaps.
Strides dense(std::int32_t layout, std::int64_t height, std::int64_t width, std::int64_t channels);

// Elements from the first to the last described one.
std::int64_t extent(std::int64_t count, std::int64_t height, std::int64_t width,
                    std::int64_t channels, const Strides &strides);

// What lies around and between maps: it would change every result that it slipped into.
oracle::Value poison(const Recipe &recipe);

// Writes the numbers of a paint from `first` on.
void paint_map(const oracle::Map &map, Paint paint, std::int64_t first, char *data);

#endif
