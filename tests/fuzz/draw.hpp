// Numbers out of the fuzzer's bytes.
#ifndef SPP_TESTS_FUZZ_DRAW_HPP
#define SPP_TESTS_FUZZ_DRAW_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

// Where the bytes end, numbers go on without order, seeded by the bytes.  So an input of a few bytes is
// a whole description and not one that is small in all that comes last, and what its first bytes say
// is kept by those that the fuzzer makes from it.
class Draw {
 public:
  Draw(const std::uint8_t *data, std::size_t size) : next_(data), end_(data + size) {
    for (std::size_t k = 0; k < size; ++k) state_ = (state_ ^ data[k]) * 0x100000001b3U;
  }

  // From `least` to `most`, both among them.
  template <typename Integer>
  Integer within(Integer least, Integer most) {
    const std::uint64_t range =
        static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
    std::uint64_t number = 0;
    for (std::uint64_t left = range; left != 0; left >>= 8) number = number << 8 | byte();
    if (range != std::numeric_limits<std::uint64_t>::max()) number %= range + 1;
    return static_cast<Integer>(static_cast<std::uint64_t>(least) + number);
  }

  template <typename Integer>
  Integer any() {
    return within(std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max());
  }

  bool coin() { return (byte() & 1U) != 0; }
  bool one_in(int count) { return within(1, count) == 1; }

  template <typename Enum>
  Enum one_of(int count) {
    return static_cast<Enum>(within(0, count - 1));
  }

 private:
  std::uint8_t byte() {
    if (next_ != end_) return *next_++;
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return static_cast<std::uint8_t>(mixed >> 56);
  }

  const std::uint8_t *next_;
  const std::uint8_t *end_;
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

#endif
