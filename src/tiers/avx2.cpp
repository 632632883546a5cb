// The kernel for AVX2; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME avx2
#define SPP_TIER_ID SPP_TIER_AVX2
#define SPP_TIER_ARCH xsimd::avx2
#include "kernel.hpp"
