// The kernel that finds positions, for AVX-512.
#define SPP_TIER_NAME avx512
#define SPP_TIER_ID SPP_TIER_AVX512
#define SPP_TIER_ARCH xsimd::avx512bw
#include "argmax.hpp"
