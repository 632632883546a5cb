// The kernel that finds positions, in plain C++.
#define SPP_TIER_NAME portable
#define SPP_TIER_ID SPP_TIER_PORTABLE
#define SPP_TIER_IS_PORTABLE
#include "argmax.hpp"
