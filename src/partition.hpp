// How the work of one call is cut into independent pieces.
#pragma once

#include <cstdint>

#include "grid.hpp"
#include "images.hpp"
#include "scratch.hpp"

namespace spp {

// A run of whole maps, or one part of one map.
struct Piece {
  std::int64_t first_image;
  std::int64_t last_image;
  std::int64_t part;  // of `parts`; 0 of 1: whole maps
  std::int64_t parts;
  std::int64_t split;  // which of the split maps: its place in shared scratch
};

// Along which axis large maps are split.
enum class SplitAxis { rows, columns, channels };

struct Split {
  SplitAxis axis;
  std::int64_t parts;

  Cuts cuts() const {
    if (parts == 1 || axis == SplitAxis::channels) return {};
    return axis == SplitAxis::rows ? Cuts{parts, 1} : Cuts{1, parts};
  }
};

// Threads that work is cut for at most, whatever limit a caller names: bounds the number of pieces.
constexpr std::int32_t most_threads = 256;

// Work below this many bytes of input stays on the calling thread, and no piece is smaller than half
// of it.  Measured: see DESIGN.md, "Threads".
constexpr std::int64_t serial_bytes = std::int64_t{512} << 10;

// The most parts that a map is split into.
std::int64_t most_parts(std::int64_t threads);

// How one map of a call that may use `threads` threads is split; `bytes` is the call's whole input.
Split split_image(const Image &image, std::int64_t channels, std::int64_t element_size,
                  std::int64_t bytes, std::int64_t threads);

// Writes the pieces of a call, at most `most`, and returns their number; with pieces == nullptr only
// counts them.  `splits` receives the number of maps that are split.
std::int64_t cut_pieces(const Images &images, std::int64_t element_size, std::int64_t threads,
                        Piece *pieces, std::int64_t &splits);

}  // namespace spp
