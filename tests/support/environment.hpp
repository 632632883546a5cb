// The floating-point environment of a thread, as a program might have changed it.
#ifndef SPP_TESTS_SUPPORT_ENVIRONMENT_HPP
#define SPP_TESTS_SUPPORT_ENVIRONMENT_HPP

#include <cstdint>
#include <functional>
#include <thread>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "spp.h"

// Rounding, exception masks and the flushing of subnormals; not the flags of past exceptions.
#if defined(__x86_64__)
using Control = std::uint32_t;
constexpr Control exception_flags = 0x3fU;
inline Control control() { return _mm_getcsr() & ~exception_flags; }
inline void set_control(Control value) { _mm_setcsr(value); }
constexpr Control all_exceptions = 0x1f80U;  // set: masked
constexpr Control flush_bits = 0x8040U;      // FTZ and DAZ
inline const Control flushing = control() | flush_bits;
inline const Control upward = control() | 0x4000U;
inline const Control toward_zero = control() | 0x6000U;
inline const Control trapping = control() & ~all_exceptions;
inline const Control all_at_once = (trapping | flush_bits) | 0x2000U;  // and downward
#elif defined(__aarch64__)
using Control = std::uint64_t;
inline Control control() {
  Control value;
  __asm__ volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
inline void set_control(Control value) { __asm__ volatile("msr fpcr, %0" ::"r"(value)); }
inline const Control flushing = control() | (Control{1} << 24);
inline const Control upward = control() | (Control{1} << 22);
inline const Control toward_zero = control() | (Control{3} << 22);
inline const Control trapping =
    control() | (Control{0x9f} << 8);  // many processors ignore these bits
inline const Control all_at_once = flushing | (Control{2} << 22);
#endif

// The environment of this thread, while it lives.
class Environment {
 public:
  explicit Environment(Control value) : former_(control()) { set_control(value); }
  ~Environment() { set_control(former_); }
  Environment(const Environment &) = delete;
  Environment &operator=(const Environment &) = delete;

 private:
  Control former_;
};

// Makes a call in this environment; `kept` becomes whether the call left it as it was.
inline auto in_environment(Control environment, bool &kept) {
  return [environment, &kept](const std::function<spp_status()> &call) {
    const Environment own(environment);
    const Control before = control();
    const spp_status status = call();
    kept = control() == before;
    return status;
  };
}

inline std::int32_t on_flushing_threads(void *, spp_task task, void *task_context,
                                        std::int64_t count) {
  bool kept = true;
  std::thread([&] {
    const Environment environment(all_at_once);
    const Control before = control();
    for (std::int64_t k = 0; k < count; ++k) task(task_context, k);
    kept = control() == before;
  }).join();
  return kept ? 0 : 1;
}

inline const Control every_control[] = {flushing, upward, toward_zero, trapping, all_at_once};

#if defined(__x86_64__)
// A full x87 stack, as code that used MMX leaves it, with single precision and rounding toward zero:
// whatever would be computed there becomes NaN.
class DirtyX87 {
 public:
  DirtyX87() {
    __asm__ volatile("fnstcw %0" : "=m"(former_));
    const std::uint16_t truncating = 0x0c7f;
    __asm__ volatile(
        "fldcw %0\n\tfld1\n\tfld1\n\tfld1\n\tfld1\n\tfld1\n\tfld1\n\tfld1\n\tfld1" ::"m"(
            truncating));
  }
  ~DirtyX87() { __asm__ volatile("fninit\n\tfldcw %0" ::"m"(former_)); }
  DirtyX87(const DirtyX87 &) = delete;
  DirtyX87 &operator=(const DirtyX87 &) = delete;

 private:
  std::uint16_t former_ = 0;
};

inline spp_status with_dirty_x87(const std::function<spp_status()> &call) {
  const DirtyX87 state;
  return call();
}
#endif

#endif
