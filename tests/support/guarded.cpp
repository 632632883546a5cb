#include "support/guarded.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

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

std::uint32_t *allow(void *mapping, std::size_t offset, std::size_t bytes) {
  void *begin = static_cast<char *>(mapping) + offset;
  require(mprotect(begin, bytes, PROT_READ | PROT_WRITE) == 0, "mprotect");
  return static_cast<std::uint32_t *>(begin);
}

}  // namespace

GuardedBuffer::GuardedBuffer(std::int64_t elements) {
  const std::size_t page = page_bytes();
  const std::size_t bytes = static_cast<std::size_t>(elements) * sizeof(std::uint32_t) + page;
  const std::size_t inside = (bytes + page - 1) / page * page;
  mapping_bytes_ = inside + 2 * page;
  mapping_ = map_forbidden(mapping_bytes_);
  begin_ = allow(mapping_, page, inside);
  end_ = begin_ + inside / sizeof(std::uint32_t);
}

GuardedBuffer::~GuardedBuffer() { munmap(mapping_, mapping_bytes_); }

std::uint32_t *GuardedBuffer::place(std::int64_t count, Placement placement, std::uint32_t fill) {
  require(count < end_ - begin_, "a guarded buffer is too small");
  switch (placement) {
    case Placement::flush_end:
      placed_ = end_ - count;
      break;
    case Placement::flush_start:
      placed_ = begin_;
      break;
    case Placement::shifted:
      placed_ = begin_ + 1;
      break;
  }
  placed_count_ = count;
  fill_ = fill;
  std::fill(margin_begin(), margin_end(), fill);
  return placed_;
}

bool GuardedBuffer::margins_hold() const {
  const auto same = [this](std::uint32_t value) { return value == fill_; };
  return std::all_of(margin_begin(), placed_, same) &&
         std::all_of(placed_ + placed_count_, margin_end(), same);
}

std::uint32_t *GuardedBuffer::margin_begin() const {
  return placed_ - std::min<std::int64_t>(margin, placed_ - begin_);
}

std::uint32_t *GuardedBuffer::margin_end() const {
  std::uint32_t *behind = placed_ + placed_count_;
  return behind + std::min<std::int64_t>(margin, end_ - behind);
}

Islands::Islands(std::int64_t count)
    : mapping_bytes_((2 * static_cast<std::size_t>(count) + 1) * page_bytes()) {
  mapping_ = map_forbidden(mapping_bytes_);
  for (std::size_t island = 0; island < static_cast<std::size_t>(count); ++island) {
    allow(mapping_, (2 * island + 1) * page_bytes(), page_bytes());
  }
}

Islands::~Islands() { munmap(mapping_, mapping_bytes_); }

std::uint32_t *Islands::first_page() const {
  return static_cast<std::uint32_t *>(mapping_) + page_elements();
}

std::int64_t Islands::page_elements() {
  return static_cast<std::int64_t>(page_bytes() / sizeof(std::uint32_t));
}
