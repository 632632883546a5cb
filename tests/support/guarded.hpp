// Memory between pages that no access survives: a read or write of one byte too many ends the test.
#ifndef SPP_TESTS_SUPPORT_GUARDED_HPP
#define SPP_TESTS_SUPPORT_GUARDED_HPP

#include <cstddef>
#include <cstdint>

// Where elements lie between the two guards.
enum class Placement {
  flush_end,    // the last element ends at the guard behind; aligned to the element only
  flush_start,  // the first element begins at the guard in front
  shifted       // 4 bytes behind that: aligned to the element only, whatever the length
};
constexpr int placement_count = 3;

// One writable stretch with a guard page on both sides.
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::int64_t elements);
  ~GuardedBuffer();
  GuardedBuffer(const GuardedBuffer &) = delete;
  GuardedBuffer &operator=(const GuardedBuffer &) = delete;

  // Room for `count` elements.  They and up to `margin` elements on both sides of them, as far as
  // the guards allow, hold `fill`.
  std::uint32_t *place(std::int64_t count, Placement placement, std::uint32_t fill);

  // Whether the margins of the latest place() still hold its fill.
  bool margins_hold() const;

  static constexpr std::int64_t margin = 64;

 private:
  std::uint32_t *margin_begin() const;
  std::uint32_t *margin_end() const;

  void *mapping_;
  std::size_t mapping_bytes_;
  std::uint32_t *begin_;
  std::uint32_t *end_;
  std::uint32_t *placed_ = nullptr;
  std::int64_t placed_count_ = 0;
  std::uint32_t fill_ = 0;
};

// A row of single pages with a guard page before and behind each: stride() elements from page to
// page, page_elements() in each.  Strided maps whose pixels or rows are whole islands show every
// access to the gaps between them.
class Islands {
 public:
  explicit Islands(std::int64_t count);
  ~Islands();
  Islands(const Islands &) = delete;
  Islands &operator=(const Islands &) = delete;

  std::uint32_t *first_page() const;
  static std::int64_t page_elements();
  static std::int64_t stride() { return 2 * page_elements(); }

 private:
  void *mapping_;
  std::size_t mapping_bytes_;
};

#endif
