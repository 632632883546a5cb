#include "npy_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "failure.hpp"
#include "npy_header.hpp"

namespace fs = std::filesystem;

namespace {

constexpr int interruptions[] = {SIGHUP, SIGINT, SIGTERM};

// The only thing that a signal handler can reach.  Points into the writer's string.
const char *volatile file_to_remove = nullptr;

void remove_and_die(int signal) {
  if (file_to_remove != nullptr) unlink(file_to_remove);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void remove_when_interrupted(const char *file) {
  file_to_remove = file;
  for (const int signal : interruptions) {
    // A signal that the parent process has switched off, as nohup does, stays off.
    if (std::signal(signal, remove_and_die) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

// Where the file is to appear.  Renaming onto a link would replace the link, and onto a device such
// as /dev/null the device.
std::string writable_target(const std::string &path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) throw system_failure(path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Failure(fmt::format("{}: not a regular file", path));
  }
  return fs::exists(status) ? fs::canonical(path).string() : path;
}

}  // namespace

NpyWriter::NpyWriter(const std::string &path, const NpyType &type, int64_t rows, int64_t columns)
    : path_(path), target_(writable_target(path)), element_bytes_(type.bytes) {
  const fs::path target(target_);
  const std::string hidden = fmt::format(".{}.{}.tmp", target.filename().string(), getpid());
  const std::string temporary = (target.parent_path() / hidden).string();
  descriptor_ = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw system_failure(path_, errno);
  temporary_ = temporary;
  remove_when_interrupted(temporary_.c_str());
  const std::string header = npy_matrix_header(type.descr, rows, columns);
  write_bytes(header.data(), header.size());
}

NpyWriter::~NpyWriter() {
  if (descriptor_ >= 0) close(descriptor_);
  file_to_remove = nullptr;
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void NpyWriter::write(const void *elements, int64_t count) {
  write_bytes(elements, static_cast<size_t>(count) * element_bytes_);
}

void NpyWriter::write_bytes(const void *bytes, size_t count) {
  const char *next = static_cast<const char *>(bytes);
  while (count > 0) {
    const ssize_t written = ::write(descriptor_, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_failure(path_, errno);
    next += written;
    count -= static_cast<size_t>(written);
  }
}

void NpyWriter::commit() {
  // Without fsync a crash of the machine could leave the new name with an empty file.
  if (fsync(descriptor_) != 0) throw system_failure(path_, errno);
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) throw system_failure(path_, errno);
  file_to_remove = nullptr;
  temporary_.clear();
}
