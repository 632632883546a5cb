// The loops of a gradient for AVX2; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME avx2
#define SPP_VECTOR_BYTES 32
#define SPP_STREAM_BYTES std::int64_t{24} << 20
#include "gradient_kernel.hpp"
