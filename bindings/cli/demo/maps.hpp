#pragma once

#include <spp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "npy_array.hpp"

// A window of a map: height x width cells of `channels` numbers, a row of cells every row_stride
// numbers.  A whole map is the window without gaps.
struct Window {
  const float *data;
  int64_t height;
  int64_t width;
  int64_t channels;
  int64_t row_stride;

  Window at(int64_t top, int64_t left, int64_t window_height, int64_t window_width) const;
  int64_t bytes() const { return height * width * channels * int64_t{sizeof(float)}; }
  std::string shape() const;  // "13x20x320"
};

// A recorded feature map.
struct RealMap {
  std::string name;  // for people
  std::string file;  // without folder and .npy
  NpyArray array;

  Window whole() const;
};

// The maps of the demo.  Throws Failure if one cannot be read.
std::vector<RealMap> load_maps(const std::string &folder);

// What the Keras layer gave for the map; `levels` as in "1_2_4".
NpyArray load_keras_answer(const std::string &folder, const RealMap &map,
                           const std::string &levels);
