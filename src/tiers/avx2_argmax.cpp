// The kernel that finds positions, for AVX2.
#define SPP_TIER_NAME avx2
#define SPP_TIER_ID SPP_TIER_AVX2
#define SPP_TIER_ARCH xsimd::avx2
#include "argmax.hpp"
