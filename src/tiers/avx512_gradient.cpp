// The loops of a gradient for AVX-512; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME avx512
#define SPP_VECTOR_BYTES 64
#define SPP_STREAM_BYTES std::int64_t{24} << 20
#include "gradient_kernel.hpp"
