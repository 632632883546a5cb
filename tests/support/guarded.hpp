// Memory between pages that no access survives: a read or write of one byte too many ends the test.
#ifndef SPP_TESTS_SUPPORT_GUARDED_HPP
#define SPP_TESTS_SUPPORT_GUARDED_HPP

#include <cstddef>
#include <cstdint>

// Where elements lie between the two guards.
enum class Placement {
  flush_end,       // the last element ends at the guard behind; aligned to the element only
  flush_start,     // the first element begins at the guard in front
  shifted,         // an element behind that: aligned to the element only, whatever the length
  shifted_by_four  // 16 bytes for float: for what sees lines of a cache; sweeps leave it out
};
constexpr int placement_count = 3;  // of sweeps

// One writable stretch with a guard page on both sides.
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::int64_t bytes);
  ~GuardedBuffer();
  GuardedBuffer(const GuardedBuffer &) = delete;
  GuardedBuffer &operator=(const GuardedBuffer &) = delete;

  // Room for `count` elements of `element_bytes`.  They and up to `margin` elements on both sides of
  // them, as far as the guards allow, hold the lower bytes of `fill`.
  char *place(std::int64_t count, int element_bytes, Placement placement, std::uint64_t fill);

  // Whether the margins of the latest place() still hold its fill.
  bool margins_hold() const;

  static constexpr std::int64_t margin = 64;

 private:
  char *margin_begin() const;
  char *margin_end() const;
  bool holds_fill(const char *begin, const char *end) const;

  void *mapping_;
  std::size_t mapping_bytes_;
  char *begin_;
  char *end_;
  char *placed_ = nullptr;
  std::int64_t placed_bytes_ = 0;
  std::int64_t element_bytes_ = 1;
  std::uint64_t fill_ = 0;
};

// A row of single pages with a guard page before and behind each: 2 * page_bytes() from one to the
// next.  Strided maps whose pixels or rows are whole islands show every
// access to the gaps between them.
class Islands {
 public:
  explicit Islands(std::int64_t count);
  ~Islands();
  Islands(const Islands &) = delete;
  Islands &operator=(const Islands &) = delete;

  char *first_page() const;
  static std::int64_t page_bytes();

 private:
  void *mapping_;
  std::size_t mapping_bytes_;
};

#endif
