#include "support/guarded.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

// The tests cannot say anything without their guards.
void require(bool fine, const char *what) {
  if (fine) return;
  std::perror(what);
  std::abort();
}

void *map_forbidden(std::size_t bytes) {
  void *mapping = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(mapping != MAP_FAILED, "mmap");
  return mapping;
}

char *allow(void *mapping, std::size_t offset, std::size_t bytes) {
  char *begin = static_cast<char *>(mapping) + offset;
  require(mprotect(begin, bytes, PROT_READ | PROT_WRITE) == 0, "mprotect");
  return begin;
}

}  // namespace

GuardedBuffer::GuardedBuffer(std::int64_t bytes) {
  const std::size_t page = page_bytes();
  const std::size_t inside = (static_cast<std::size_t>(bytes) + 2 * page - 1) / page * page;
  mapping_bytes_ = inside + 2 * page;
  mapping_ = map_forbidden(mapping_bytes_);
  begin_ = allow(mapping_, page, inside);
  end_ = begin_ + inside;
}

GuardedBuffer::~GuardedBuffer() { munmap(mapping_, mapping_bytes_); }

char *GuardedBuffer::place(std::int64_t count, int element_bytes, Placement placement,
                           std::uint64_t fill) {
  element_bytes_ = element_bytes;
  placed_bytes_ = count * element_bytes;
  require(placed_bytes_ < end_ - begin_, "a guarded buffer is too small");
  switch (placement) {
    case Placement::flush_end:
      placed_ = end_ - placed_bytes_;
      break;
    case Placement::flush_start:
      placed_ = begin_;
      break;
    case Placement::shifted:
      placed_ = begin_ + element_bytes;
      break;
    case Placement::shifted_by_four:
      placed_ = begin_ + 4 * element_bytes;
      break;
  }
  fill_ = fill;
  // One element, then as many again as there are.
  char *const begin = margin_begin();
  const std::int64_t bytes = margin_end() - begin;
  std::memcpy(begin, &fill_,
              static_cast<std::size_t>(std::min<std::int64_t>(element_bytes, bytes)));
  for (std::int64_t done = element_bytes; done < bytes; done *= 2) {
    std::memcpy(begin + done, begin, static_cast<std::size_t>(std::min(done, bytes - done)));
  }
  return placed_;
}

bool GuardedBuffer::margins_hold() const {
  return holds_fill(margin_begin(), placed_) && holds_fill(placed_ + placed_bytes_, margin_end());
}

bool GuardedBuffer::holds_fill(const char *begin, const char *end) const {
  if (begin == end) return true;
  const auto element = static_cast<std::size_t>(element_bytes_);
  return std::memcmp(begin, &fill_, element) == 0 &&
         std::memcmp(begin, begin + element, static_cast<std::size_t>(end - begin) - element) == 0;
}

char *GuardedBuffer::margin_begin() const {
  return placed_ - std::min<std::int64_t>(margin * element_bytes_, placed_ - begin_);
}

char *GuardedBuffer::margin_end() const {
  char *behind = placed_ + placed_bytes_;
  return behind + std::min<std::int64_t>(margin * element_bytes_, end_ - behind);
}

Islands::Islands(std::int64_t count)
    : mapping_bytes_((2 * static_cast<std::size_t>(count) + 1) * ::page_bytes()) {
  mapping_ = map_forbidden(mapping_bytes_);
  for (std::size_t island = 0; island < static_cast<std::size_t>(count); ++island) {
    allow(mapping_, (2 * island + 1) * ::page_bytes(), ::page_bytes());
  }
}

Islands::~Islands() { munmap(mapping_, mapping_bytes_); }

char *Islands::first_page() const { return static_cast<char *>(mapping_) + page_bytes(); }

std::int64_t Islands::page_bytes() { return static_cast<std::int64_t>(::page_bytes()); }
