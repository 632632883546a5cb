// The one table of tiers, and the choice between them.
#pragma once

#include <spp.h>

#include "cpu.hpp"
#include "gradient_job.hpp"
#include "job.hpp"

namespace spp {

struct Tier {
  std::int32_t id;   // SPP_TIER_*
  const char *name;  // also the value of the environment variable SPP_TIER
  const char *(*refuse)(const CpuFeatures &);
  const KernelTable *kernels;  // nullptr: not in this build
  const KernelTable *argmax_kernels;
  const GradientKernels *gradients;
};

// For maps whose positions std::int32_t does not hold.
extern const KernelTable &wide_argmax_kernels;

// Best first; every tier that any build has is listed.
constexpr int tier_count = 4;
extern const Tier tiers[tier_count];

const Tier *find_tier(std::int32_t id);

// nullptr if `tier` can run here, else why not.
const char *refusal(const Tier &tier);

// The same for SPP_TIER_AUTO: is what SPP_TIER names, or the default, to be had?
const char *automatic_refusal();

// The tier of a new handle: `id` if it is not SPP_TIER_AUTO, else what the environment variable
// SPP_TIER names, else the best.  An unknown or unavailable one is an error, never a fallback.
spp_status choose_tier(std::int32_t id, const Tier **tier);

}  // namespace spp
