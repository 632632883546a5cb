#include "plain_read.hpp"

#include <algorithm>
#include <cstring>

namespace {

// Lanes that advance together: 16 vectors of 32 bytes, or 8 of 64.
constexpr int64_t lanes = 128;

// Function multiversioning: one copy per instruction set, the best chosen when the program starts.
#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
void maximum_of_lanes(const float* data, int64_t count, uint32_t* maxima) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    for (int64_t lane = 0; lane < lanes; ++lane) {
      uint32_t bits;
      std::memcpy(&bits, data + i + lane, sizeof bits);
      maxima[lane] = std::max(maxima[lane], bits);
    }
  }
  for (; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, data + i, sizeof bits);
    maxima[0] = std::max(maxima[0], bits);
  }
}

}  // namespace

uint32_t plain_read(const Window &window) {
  alignas(64) uint32_t maxima[lanes] = {};
  const int64_t row = window.width * window.channels;
  if (row == window.row_stride) {
    maximum_of_lanes(window.data, window.height * row, maxima);
  } else {
    for (int64_t y = 0; y < window.height; ++y) {
      maximum_of_lanes(window.data + y * window.row_stride, row, maxima);
    }
  }
  return *std::max_element(maxima, maxima + lanes);
}
