// The kernel for AVX-512 (F, CD, BW, DQ, VL); its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME avx512
#define SPP_TIER_ID SPP_TIER_AVX512
#define SPP_TIER_ARCH xsimd::avx512bw
#include "kernel.hpp"
