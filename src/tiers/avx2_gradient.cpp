// The loops of a gradient for AVX2; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME avx2
#define SPP_VECTOR_BYTES 32
#include "gradient_kernel.hpp"
