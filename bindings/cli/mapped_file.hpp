#pragma once

#include <string>
#include <string_view>

// A regular file in memory, read only.  Pages are read when they are touched, so opening a file to
// look at its header costs the same for any size.  A file must not shrink while it is mapped.
class MappedFile {
 public:
  explicit MappedFile(const std::string &path);  // throws Failure
  MappedFile(MappedFile &&other) noexcept;
  MappedFile &operator=(MappedFile &&other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};
