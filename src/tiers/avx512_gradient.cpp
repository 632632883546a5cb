// The loops of a gradient for AVX-512; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME avx512
#define SPP_VECTOR_BYTES 64
#include "gradient_kernel.hpp"
