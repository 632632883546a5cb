// The kernel for AArch64's NEON; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME neon
#define SPP_TIER_ID SPP_TIER_NEON
#define SPP_TIER_ARCH xsimd::neon64
#include "kernel.hpp"
