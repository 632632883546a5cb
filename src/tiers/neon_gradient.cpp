// The loops of a gradient for AArch64's NEON; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME neon
#define SPP_VECTOR_BYTES 16
#include "gradient_kernel.hpp"
