// Regions that share a packed map, for NEON.
#define SPP_TIER_NAME neon
#define SPP_TIER_ID SPP_TIER_NEON
#define SPP_TIER_ARCH xsimd::neon64
#include "region_kernel.hpp"
