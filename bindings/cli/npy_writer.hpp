#pragma once

#include <cstdint>
#include <string>

#include "npy_type.hpp"

// Writes a .npy file of a matrix so that its name never shows a part of it: rows go to a
// hidden file in the same folder, which commit() renames.  Without commit() the hidden file is
// removed, also when the program is interrupted by SIGHUP, SIGINT or SIGTERM.  One at a time.
class NpyWriter {
 public:
  // Throws Failure.
  NpyWriter(const std::string &path, const NpyType &type, int64_t rows, int64_t columns);
  NpyWriter(const NpyWriter &) = delete;
  NpyWriter &operator=(const NpyWriter &) = delete;
  ~NpyWriter();

  void write(const void *elements, int64_t count);
  void commit();

 private:
  void write_bytes(const void *bytes, size_t count);

  std::string path_;
  std::string target_;     // path_ with a symbolic link followed
  std::string temporary_;  // empty once there is nothing to remove
  size_t element_bytes_;
  int descriptor_ = -1;
};
