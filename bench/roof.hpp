// The roof: the fastest way found to read an input once and write an output once.
#pragma once

#include <string>
#include <vector>

#include "buffers.hpp"
#include "roof_loops.hpp"
#include "timing.hpp"

namespace spp_bench {

// One loop with its arrangement of reads and stores.
struct RoofVariant {
  const RoofLoop *loop;
  std::string name;  // "avx512 8x16, bursts of 4, even"
  bool per_image;    // image after image, or the whole batch as one piece
  enum Spacing { dense, even, after } spacing;

  // Reads and writes images [first, first + count) of the maps.
  void run(const Maps &maps, std::int64_t first, std::int64_t count) const;
};

struct Roof {
  std::vector<RoofVariant> fastest;  // a few; the rounds beside a kernel decide between them
  double read_ns;                    // reading alone
  double memcpy_ns;                  // copying as many bytes as the input has
};

// Times every variant that this CPU can run.  Remembers the answer for the same maps.
const Roof &roof_of(const Maps &maps);

// A loop that writes an array once, with data that varies.
struct WriteLoop {
  const RoofLoop *loop;
  float *output;

  void run(std::int64_t first, std::int64_t last) const;  // of the array's elements
};

// Ordinary ones and such past the caches.
std::vector<Contender> write_loops(float *output, std::int64_t size);

// The few of them that are the fastest for arrays of that size, which is remembered.  Ordinary loops and
// loops past the caches have an array each, apart from the library's: stores past the caches are slow
// where others have left the same lines in one.
std::vector<WriteLoop> fastest_write_loops(std::int64_t size, Pages pages);

}  // namespace spp_bench
