// The default floating-point environment (round to nearest, no FTZ or DAZ, exceptions masked) for
// the lifetime of an object, whatever the thread's own one is.  Written only where it differs: the
// write is what costs.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace spp {

class DefaultFloatEnvironment {
 public:
  DefaultFloatEnvironment() : saved_(read()) {
    if ((saved_ & control_bits) != default_control)
      write((saved_ & ~control_bits) | default_control);
  }
  // Gives back the control bits and leaves the exception flags as they were on entry.
  ~DefaultFloatEnvironment() {
    if ((saved_ & control_bits) != default_control) write(saved_);
  }
  DefaultFloatEnvironment(const DefaultFloatEnvironment &) = delete;
  DefaultFloatEnvironment &operator=(const DefaultFloatEnvironment &) = delete;

 private:
#if defined(__x86_64__)
  using Word = unsigned;
  static constexpr Word control_bits = 0xffc0;     // all but the six exception flags
  static constexpr Word default_control = 0x1f80;  // every exception masked
  static Word read() { return _mm_getcsr(); }
  static void write(Word word) { _mm_setcsr(word); }
#elif defined(__aarch64__)
  using Word = std::uint64_t;
  static constexpr Word control_bits = ~Word{0};
  static constexpr Word default_control = 0;
  static Word read() {
    Word word = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(word));
    return word;
  }
  static void write(Word word) { __asm__ volatile("msr fpcr, %0" : : "r"(word)); }
#else
#error "the floating-point control word of this processor is not known"
#endif

  Word saved_;
};

}  // namespace spp
