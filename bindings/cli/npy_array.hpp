#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapped_file.hpp"

// A .npy file of float32 numbers, little endian and in C order, mapped into memory.
class NpyArray {
 public:
  explicit NpyArray(const std::string &path);  // throws Failure, "<path>: <problem>"

  const std::vector<int64_t> &shape() const { return shape_; }
  int64_t size() const { return size_; }
  // Aligned for float.  Stays where it is when the array is moved.
  const float *data() const { return data_; }

 private:
  void locate_elements();

  MappedFile file_;
  std::vector<int64_t> shape_;
  int64_t size_ = 0;
  const float *data_ = nullptr;
  std::vector<float> aligned_copy_;  // only if the file puts its data at an odd place
};
