// A bump allocator over memory that somebody else owns.
#pragma once

#include <cstddef>
#include <cstdint>

namespace spp {

class Arena {
 public:
  Arena(void *memory, std::size_t bytes) : next_(static_cast<char *>(memory)), left_(bytes) {}

  // `count` uninitialised objects.  The caller has reserved enough: see geometry_bytes().
  template <class T>
  T *take(std::int64_t count) {
    const std::size_t misalignment = reinterpret_cast<std::uintptr_t>(next_) % alignof(T);
    const std::size_t padding = misalignment == 0 ? 0 : alignof(T) - misalignment;
    const std::size_t bytes = padding + sizeof(T) * static_cast<std::size_t>(count);
    if (bytes > left_) return nullptr;
    T *result = reinterpret_cast<T *>(next_ + padding);
    next_ += bytes;
    left_ -= bytes;
    return result;
  }

 private:
  char *next_;
  std::size_t left_;
};

}  // namespace spp
