// The loops behind the roof: read every input byte once, write every output byte once, compute
// nothing but a maximum.  roof_loops.cpp is compiled once per instruction set; each copy exports
// one table of loops.  Nothing with linkage of its own is shared, so no copy can replace another.
#pragma once

#include <cstddef>

namespace spp_bench {

// What one run moves.  Sizes are in floats; an input has at least one vector (16 floats), an output
// too or it is empty.
struct Traffic {
  const float *input;
  std::size_t input_size;
  float *output;
  std::size_t output_size;
  std::size_t blocks_per_burst;  // input blocks read before each burst of stores
};

struct RoofLoop {
  std::size_t block;  // floats read per step: accumulators * lanes
  std::size_t burst;  // floats stored at a time
  bool streamed;      // non-temporal stores
  void (*run)(const Traffic &);
};

struct RoofLoops {
  const RoofLoop *loops;
  std::size_t count;
};

}  // namespace spp_bench
