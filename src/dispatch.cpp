#include "dispatch.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "status.hpp"

namespace spp {

#if defined(SPP_HAS_AVX512)
namespace avx512 {
extern const KernelTable kernels_avx512;
extern const KernelTable argmax_kernels_avx512;
extern const GradientKernels gradients_avx512;
extern const RegionKernels region_kernels_avx512;
}  // namespace avx512
#define SPP_KERNELS_AVX512                                                            \
  &avx512::kernels_avx512, &avx512::argmax_kernels_avx512, &avx512::gradients_avx512, \
      &avx512::region_kernels_avx512
#else
#define SPP_KERNELS_AVX512 nullptr, nullptr, nullptr, nullptr
#endif
#if defined(SPP_HAS_AVX2)
namespace avx2 {
extern const KernelTable kernels_avx2;
extern const KernelTable argmax_kernels_avx2;
extern const GradientKernels gradients_avx2;
extern const RegionKernels region_kernels_avx2;
}  // namespace avx2
#define SPP_KERNELS_AVX2 \
  &avx2::kernels_avx2, &avx2::argmax_kernels_avx2, &avx2::gradients_avx2, &avx2::region_kernels_avx2
#else
#define SPP_KERNELS_AVX2 nullptr, nullptr, nullptr, nullptr
#endif
#if defined(SPP_HAS_NEON)
namespace neon {
extern const KernelTable kernels_neon;
extern const KernelTable argmax_kernels_neon;
extern const GradientKernels gradients_neon;
extern const RegionKernels region_kernels_neon;
}  // namespace neon
#define SPP_KERNELS_NEON \
  &neon::kernels_neon, &neon::argmax_kernels_neon, &neon::gradients_neon, &neon::region_kernels_neon
#else
#define SPP_KERNELS_NEON nullptr, nullptr, nullptr, nullptr
#endif
namespace portable {
extern const KernelTable kernels_portable;
extern const KernelTable argmax_kernels_portable;
extern const GradientKernels gradients_portable;
extern const RegionKernels region_kernels_portable;
extern const KernelTable wide_argmax_kernels;
}  // namespace portable

const KernelTable &wide_argmax_kernels = portable::wide_argmax_kernels;

const Tier tiers[tier_count] = {
    {SPP_TIER_AVX512, "avx512", refuse_avx512, SPP_KERNELS_AVX512},
    {SPP_TIER_AVX2, "avx2", refuse_avx2, SPP_KERNELS_AVX2},
    {SPP_TIER_NEON, "neon", refuse_neon, SPP_KERNELS_NEON},
    {SPP_TIER_PORTABLE, "portable", refuse_portable, &portable::kernels_portable,
     &portable::argmax_kernels_portable, &portable::gradients_portable,
     &portable::region_kernels_portable},
};

namespace {

// Detected once: CPUID is slow under some hypervisors, which trap it.  Nobody waits for another thread to
// do so: in a child of fork() that thread may be gone.
CpuFeatures cpu() {
  enum State { unknown, being_kept, known };
  static CpuFeatures kept;
  static std::atomic<State> state{unknown};
  if (state.load(std::memory_order_acquire) == known) return kept;
  const CpuFeatures found = detect_cpu();
  State expected = unknown;
  if (state.compare_exchange_strong(expected, being_kept)) {
    kept = found;
    state.store(known, std::memory_order_release);
  }
  return found;
}

// nullptr: none is asked for.
const char *requested_name() {
  // A program that changes its environment meanwhile breaks every reader of it.
  const char *name = std::getenv("SPP_TIER");  // NOLINT(concurrency-mt-unsafe)
  return name == nullptr || *name == '\0' ? nullptr : name;
}

const Tier *find_named(const char *name) {
  for (const Tier &tier : tiers)
    if (std::strcmp(tier.name, name) == 0) return &tier;
  return nullptr;
}

spp_status take(const Tier &tier, const char *asked_by, const Tier **chosen) {
  if (const char *reason = refusal(tier))
    return fail(SPP_ERROR_TIER, "%s asks for tier %s, which is unavailable: %s", asked_by,
                tier.name, reason);
  *chosen = &tier;
  return SPP_OK;
}

}  // namespace

const Tier *find_tier(std::int32_t id) {
  for (const Tier &tier : tiers)
    if (tier.id == id) return &tier;
  return nullptr;
}

const char *refusal(const Tier &tier) {
  if (const char *reason = tier.refuse(cpu())) return reason;
  return tier.kernels == nullptr ? "this build of the library does not have it" : nullptr;
}

const char *automatic_refusal() {
  const char *name = requested_name();
  if (name == nullptr) return nullptr;
  const Tier *tier = find_named(name);
  return tier == nullptr ? "the environment variable SPP_TIER names no tier" : refusal(*tier);
}

spp_status choose_tier(std::int32_t id, const Tier **chosen) {
  if (id != SPP_TIER_AUTO) {
    const Tier *tier = find_tier(id);
    if (tier == nullptr)
      return fail(SPP_ERROR_TIER, "options->tier is %d, which is no tier", static_cast<int>(id));
    return take(*tier, "options->tier", chosen);
  }
  if (const char *name = requested_name()) {
    const Tier *tier = find_named(name);
    if (tier == nullptr)
      return fail(SPP_ERROR_TIER,
                  "the environment variable SPP_TIER is \"%.64s\", which is no tier", name);
    return take(*tier, "the environment variable SPP_TIER", chosen);
  }
  for (const Tier &tier : tiers)
    if (refusal(tier) == nullptr) {
      *chosen = &tier;
      return SPP_OK;
    }
  return fail(SPP_ERROR_INTERNAL, "no tier can run");
}

}  // namespace spp
