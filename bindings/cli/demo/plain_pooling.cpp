#include "plain_pooling.hpp"

#include <cmath>
#include <limits>

namespace {

struct Interval {
  int64_t start;
  int64_t end;
};

// docs/values.md, section 1.  Every step is rounded to float32 by being stored.
Interval rounded_bin(int64_t length, int32_t bins, int32_t index) {
  const float size = static_cast<float>(length) / static_cast<float>(bins);
  const float start = static_cast<float>(index) * size;
  const float end = start + size;
  return {static_cast<int64_t>(std::nearbyint(start)), static_cast<int64_t>(std::nearbyint(end))};
}

float maximum(const Window &window, Interval rows, Interval columns, int64_t channel) {
  float largest = -std::numeric_limits<float>::infinity();
  for (int64_t y = rows.start; y < rows.end; ++y) {
    for (int64_t x = columns.start; x < columns.end; ++x) {
      const float value = window.data[y * window.row_stride + x * window.channels + channel];
      if (value > largest) largest = value;
    }
  }
  return largest == 0.0F ? 0.0F : largest;  // a zero is +0.0
}

}  // namespace

std::vector<float> plain_pooling(const Window &window, const std::vector<spp_level> &levels) {
  std::vector<float> vector;
  for (const spp_level &level : levels) {
    for (int32_t y = 0; y < level.rows; ++y) {
      for (int32_t x = 0; x < level.columns; ++x) {
        for (int64_t channel = 0; channel < window.channels; ++channel) {
          vector.push_back(maximum(window, rounded_bin(window.height, level.rows, y),
                                   rounded_bin(window.width, level.columns, x), channel));
        }
      }
    }
  }
  return vector;
}
