#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapped_file.hpp"
#include "npy_type.hpp"

// A .npy file of one of the npy_types, in C order, mapped into memory.
class NpyArray {
 public:
  explicit NpyArray(const std::string &path);  // throws Failure, "<path>: <problem>"

  const std::vector<int64_t> &shape() const { return shape_; }
  int64_t size() const { return size_; }
  const NpyType &type() const { return *type_; }
  // Element `index`.  Aligned for the type; stays where it is when the array is moved.
  const void *at(int64_t index) const { return data_ + static_cast<size_t>(index) * type_->bytes; }
  // All elements of a file of float32; throws Failure if it is another.
  const float *floats() const;

 private:
  void locate_elements();

  std::string path_;
  MappedFile file_;
  std::vector<int64_t> shape_;
  int64_t size_ = 0;
  const NpyType *type_ = nullptr;
  const char *data_ = nullptr;
  std::vector<uint64_t> aligned_copy_;  // only if the file puts its data at an odd place
};
