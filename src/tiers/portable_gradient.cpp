// The loops of a gradient for every processor; its compiler flags are in cmake/tiers.cmake.
#define SPP_TIER_NAME portable
#define SPP_VECTOR_BYTES 16
#include "gradient_kernel.hpp"
