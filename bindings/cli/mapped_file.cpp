#include "mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "failure.hpp"

namespace {

// Closes the descriptor on every way out; a mapping outlives it.
struct Descriptor {
  int number;
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { close(number); }
};

}  // namespace

MappedFile::MappedFile(const std::string &path) {
  // O_NONBLOCK: opening a named pipe must fail below and not wait for a writer.
  const int opened = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (opened < 0) throw system_failure(path, errno);
  const Descriptor descriptor(opened);

  struct stat status = {};
  if (fstat(descriptor.number, &status) != 0) throw system_failure(path, errno);
  if (S_ISDIR(status.st_mode)) throw system_failure(path, EISDIR);
  if (!S_ISREG(status.st_mode)) throw Failure(fmt::format("{}: not a regular file", path));
  if (status.st_size == 0) throw Failure(fmt::format("{}: the file is empty", path));

  const auto size = static_cast<size_t>(status.st_size);
  void *start = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.number, 0);
  if (start == MAP_FAILED) throw system_failure(path, errno);
  bytes_ = {static_cast<const char *>(start), size};
}

MappedFile::MappedFile(MappedFile &&other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<char *>(bytes_.data()), bytes_.size());
}
