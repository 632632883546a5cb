// Regions that share a packed map: see region_job.hpp.  A tier's third file defines what its first
// one does (see kernel.hpp) and includes this one.
//
// A block without NaN is pooled as float32, and since it has no -0 either, a maximum is an output
// value as it stands.  A block with NaN is turned into integers first, which ascend with the numbers:
// the largest is right in any order, whatever the NaN policy.
#pragma once

#include "region_pack.hpp"
#include "region_pool.hpp"

namespace spp::SPP_TIER_NAME {

extern const RegionKernels SPP_JOIN(region_kernels_, SPP_TIER_NAME);
const RegionKernels SPP_JOIN(region_kernels_, SPP_TIER_NAME) = {pack_regions, make_region_tables,
                                                                pool_regions, SPP_TIER_ID};

}  // namespace spp::SPP_TIER_NAME
