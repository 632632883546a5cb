#include "cpu.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace spp {
namespace {

// Bits of XCR0 (Intel SDM volume 1, section 13.3).
constexpr std::uint64_t xcr0_ymm = 0x06;  // SSE and AVX state
constexpr std::uint64_t xcr0_zmm = 0xe6;  // and opmask, ZMM_Hi256, Hi16_ZMM

bool saves(const CpuFeatures &cpu, std::uint64_t state) {
  return cpu.osxsave && (cpu.xcr0 & state) == state;
}

}  // namespace

#if defined(__x86_64__)

CpuFeatures detect_cpu() {
  CpuFeatures cpu;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return cpu;
  cpu.osxsave = (ecx & bit_OSXSAVE) != 0;
  if (cpu.osxsave) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    cpu.xcr0 = std::uint64_t{high} << 32 | low;
  }
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return cpu;
  cpu.avx2 = (ebx & bit_AVX2) != 0;
  cpu.avx512f = (ebx & bit_AVX512F) != 0;
  cpu.avx512cd = (ebx & bit_AVX512CD) != 0;
  cpu.avx512bw = (ebx & bit_AVX512BW) != 0;
  cpu.avx512dq = (ebx & bit_AVX512DQ) != 0;
  cpu.avx512vl = (ebx & bit_AVX512VL) != 0;
  return cpu;
}

#else

CpuFeatures detect_cpu() {
  CpuFeatures cpu;
#if defined(__aarch64__)
  cpu.neon = true;  // part of the base architecture
#endif
  return cpu;
}

#endif

const char *refuse_portable(const CpuFeatures &) { return nullptr; }

const char *refuse_neon(const CpuFeatures &cpu) {
  return cpu.neon ? nullptr : "the CPU does not have NEON";
}

const char *refuse_avx2(const CpuFeatures &cpu) {
  if (!cpu.avx2) return "the CPU does not have AVX2";
  if (!saves(cpu, xcr0_ymm)) return "the system does not save the AVX registers (XCR0)";
  return nullptr;
}

const char *refuse_avx512(const CpuFeatures &cpu) {
  if (!cpu.avx512f) return "the CPU does not have AVX-512F";
  if (!cpu.avx512cd) return "the CPU does not have AVX-512CD";
  if (!cpu.avx512bw) return "the CPU does not have AVX-512BW";
  if (!cpu.avx512dq) return "the CPU does not have AVX-512DQ";
  if (!cpu.avx512vl) return "the CPU does not have AVX-512VL";
  if (!saves(cpu, xcr0_zmm)) return "the system does not save the AVX-512 registers (XCR0)";
  return nullptr;
}

}  // namespace spp
