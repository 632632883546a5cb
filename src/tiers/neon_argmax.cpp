// The kernel that finds positions, for NEON.
#define SPP_TIER_NAME neon
#define SPP_TIER_ID SPP_TIER_NEON
#define SPP_TIER_ARCH xsimd::neon64
#include "argmax.hpp"
