// Regions that share a packed map, for AVX2.
#define SPP_TIER_NAME avx2
#define SPP_TIER_ID SPP_TIER_AVX2
#define SPP_TIER_ARCH xsimd::avx2
#include "region_kernel.hpp"
