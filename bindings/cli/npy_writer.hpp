#pragma once

#include <cstdint>
#include <string>

// Writes a .npy file of a float32 matrix so that its name never shows a part of it: rows go to a
// hidden file in the same folder, which commit() renames.  Without commit() the hidden file is
// removed, also when the program is interrupted by SIGHUP, SIGINT or SIGTERM.  One at a time.
class NpyWriter {
 public:
  NpyWriter(const std::string &path, int64_t rows, int64_t columns);  // throws Failure
  NpyWriter(const NpyWriter &) = delete;
  NpyWriter &operator=(const NpyWriter &) = delete;
  ~NpyWriter();

  void write(const float *elements, int64_t count);
  void commit();

 private:
  void write_bytes(const void *bytes, size_t count);

  std::string path_;
  std::string target_;     // path_ with a symbolic link followed
  std::string temporary_;  // empty once there is nothing to remove
  int descriptor_ = -1;
};
