// The description behind the handle: what to compute.  Immutable once made.
#pragma once

#include <spp.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "edges.hpp"
#include "scratch.hpp"

namespace spp {

struct Tier;
struct ElementType;

struct Level {
  std::int32_t rows;
  std::int32_t columns;
  std::int64_t first_bin;  // in the output row
};

// The coarsest finer level whose sides are multiples of a level's own, and which of its bins make
// each bin of the level on a map where their edges agree.
struct Nesting {
  std::int32_t source = -1;  // its place in `finest_first`; -1: there is none
  std::vector<Span> rows{};
  std::vector<Span> columns{};
};

}  // namespace spp

struct spp_pooling {
  std::vector<spp::Level> levels;          // in the caller's order
  std::vector<std::int32_t> finest_first;  // indices into levels, most bins first
  std::vector<spp::Nesting> nestings;      // of the levels in that order
  std::int64_t bins = 0;
  std::int64_t row_sides = 0;     // sum of rows over the levels
  std::int64_t column_sides = 0;  // sum of columns over the levels
  std::int32_t finest_side = 0;   // the largest number of rows or columns
  std::int32_t bin_rule = 0;
  std::int32_t order = 0;
  std::int32_t layout = 0;
  std::int32_t nan_policy = 0;
  std::int32_t empty_policy = 0;
  std::int32_t thread_limit = 0;
  bool has_many_readers = false;  // on most maps more than one level is not made from another
  bool fits_stack = false;        // scratch of a piece: see pieces.hpp
  const spp::ElementType *element = nullptr;
  const spp::Tier *tier = nullptr;
  std::string description;
  mutable spp::ScratchCache scratch;  // the one mutable part; safe to share
};

namespace spp {

using Pooling = spp_pooling;

// Checks the options and makes the handle.
spp_status make_pooling(const spp_options *options, Pooling **pooling);

// The rectangles of all bins of a map, in the order of the output row.
void fill_rectangles(const Pooling &pooling, std::int64_t height, std::int64_t width,
                     spp_rectangle *rectangles);

}  // namespace spp
