// Which tiers a processor and its system can run, from made-up features, seen from inside the library.

#include "cpu.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "spp.h"

namespace {

// Register state in XCR0: x87, SSE, AVX, and the three parts of AVX-512.
constexpr std::uint64_t sse_state = 0x3;
constexpr std::uint64_t avx_state = 0x7;
constexpr std::uint64_t avx512_state = 0xe7;

spp::CpuFeatures avx2_machine() {
  spp::CpuFeatures cpu;
  cpu.avx2 = true;
  cpu.osxsave = true;
  cpu.xcr0 = avx_state;
  return cpu;
}

spp::CpuFeatures avx512_machine() {
  spp::CpuFeatures cpu = avx2_machine();
  cpu.avx512f = cpu.avx512cd = cpu.avx512bw = cpu.avx512dq = cpu.avx512vl = true;
  cpu.xcr0 = avx512_state;
  return cpu;
}

TEST(Cpu, WithoutFeaturesHasThePortableTier) {
  const spp::CpuFeatures cpu;
  EXPECT_EQ(spp::refuse_portable(cpu), nullptr);
  EXPECT_NE(spp::refuse_neon(cpu), nullptr);
  EXPECT_NE(spp::refuse_avx2(cpu), nullptr);
  EXPECT_NE(spp::refuse_avx512(cpu), nullptr);
}

TEST(Cpu, WithEverythingHasTheTier) {
  spp::CpuFeatures arm;
  arm.neon = true;
  EXPECT_EQ(spp::refuse_neon(arm), nullptr);
  EXPECT_NE(spp::refuse_avx2(arm), nullptr);
  EXPECT_EQ(spp::refuse_avx2(avx2_machine()), nullptr);
  EXPECT_NE(spp::refuse_avx512(avx2_machine()), nullptr);
  EXPECT_NE(spp::refuse_neon(avx2_machine()), nullptr);
  EXPECT_EQ(spp::refuse_avx2(avx512_machine()), nullptr);
  EXPECT_EQ(spp::refuse_avx512(avx512_machine()), nullptr);
}

TEST(Cpu, NeedsEveryPartOfAvx512) {
  const auto refused_without = [](bool spp::CpuFeatures::*feature) {
    spp::CpuFeatures cpu = avx512_machine();
    cpu.*feature = false;
    return spp::refuse_avx512(cpu) != nullptr;
  };
  EXPECT_TRUE(refused_without(&spp::CpuFeatures::avx512f));
  EXPECT_TRUE(refused_without(&spp::CpuFeatures::avx512cd));
  EXPECT_TRUE(refused_without(&spp::CpuFeatures::avx512bw));
  EXPECT_TRUE(refused_without(&spp::CpuFeatures::avx512dq));
  EXPECT_TRUE(refused_without(&spp::CpuFeatures::avx512vl));
}

// The processor could, but the system does not save the registers.
TEST(Cpu, NeedsTheSystemToSaveTheRegisters) {
  spp::CpuFeatures cpu = avx512_machine();
  cpu.osxsave = false;
  EXPECT_NE(spp::refuse_avx2(cpu), nullptr);
  EXPECT_NE(spp::refuse_avx512(cpu), nullptr);

  cpu = avx512_machine();
  cpu.xcr0 = sse_state;
  EXPECT_NE(spp::refuse_avx2(cpu), nullptr);
  EXPECT_NE(spp::refuse_avx512(cpu), nullptr);

  cpu.xcr0 = avx_state;
  EXPECT_EQ(spp::refuse_avx2(cpu), nullptr);
  EXPECT_NE(spp::refuse_avx512(cpu), nullptr);

  for (const std::uint64_t part : {0x20U, 0x40U, 0x80U}) {
    cpu.xcr0 = avx512_state & ~part;
    EXPECT_NE(spp::refuse_avx512(cpu), nullptr) << std::hex << part;
  }
  cpu.xcr0 = avx512_state & ~std::uint64_t{0x2};
  EXPECT_NE(spp::refuse_avx2(cpu), nullptr);
}

TEST(Cpu, RefusalsOfThePublicInterfaceAreThoseOfThisProcessor) {
  const spp::CpuFeatures cpu = spp::detect_cpu();
  const auto same = [](const char *inside, std::int32_t tier) {
    const char *outside = spp_tier_refusal(tier);
    // A tier that this build does not have is refused before the processor is asked.
    if (outside == nullptr) return inside == nullptr;
    return inside == nullptr || std::string(inside) == outside;
  };
  EXPECT_TRUE(same(spp::refuse_portable(cpu), SPP_TIER_PORTABLE));
  EXPECT_TRUE(same(spp::refuse_neon(cpu), SPP_TIER_NEON));
  EXPECT_TRUE(same(spp::refuse_avx2(cpu), SPP_TIER_AVX2));
  EXPECT_TRUE(same(spp::refuse_avx512(cpu), SPP_TIER_AVX512));
}

}  // namespace
