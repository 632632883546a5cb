// A bump allocator over memory that somebody else owns.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace spp {

// All that is taken is made of 8-byte words, so the memory, aligned to 8 itself, stays aligned.
class Arena {
 public:
  Arena(void *memory, std::size_t bytes)
      : next_(static_cast<char *>(memory)), last_(next_ + bytes) {}

  // `count` uninitialised objects.  The owner has reserved enough: see grid_bytes().
  template <class T>
  T *take(std::int64_t count) {
    static_assert(alignof(T) <= 8 && sizeof(T) % 8 == 0, "words of 8 bytes");
    T *result = reinterpret_cast<T *>(next_);
    next_ += sizeof(T) * static_cast<std::size_t>(count);
    assert(next_ <= last_);
    return result;
  }

 private:
  char *next_;
  [[maybe_unused]] char *last_;  // for the assertion
};

}  // namespace spp
