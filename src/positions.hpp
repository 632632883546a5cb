// The positions that a caller brings, checked before anything is written.
#pragma once

#include <spp.h>

#include "gradient_job.hpp"
#include "images.hpp"
#include "rows.hpp"

namespace spp {

// Positions of rows; int64_t ones also where a map has more cells than int32_t can number.
struct Positions {
  Rows rows;
  bool wide;  // int64_t, else int32_t
};

// Is each position of rows [first, last) either -1 or in the valid part of its map?  Wide ones are
// copied to `narrow`, rows of int32_t without gaps, unless it is nullptr.
bool positions_are_valid(const GradientKernels &kernels, const Images &images,
                         const Positions &positions, std::int64_t first, std::int64_t last,
                         std::int32_t *narrow);

// The failure for the first one that is not.
spp_status refuse_positions(const Images &images, const Positions &positions);

}  // namespace spp
