/* Tiers that cannot be had, and whose spp_last_error() is whose. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static spp_status create(int32_t tier) {
  static const spp_level level = {1, 1};
  spp_options options = {.struct_size = sizeof options};
  options.levels = &level;
  options.level_count = 1;
  options.tier = tier;
  spp_pooling *pooling = NULL;
  const spp_status status = spp_pooling_create(&options, &pooling);
  CHECK((pooling != NULL) == (status == SPP_OK));
  spp_pooling_destroy(pooling);
  return status;
}

void test_tiers(void) {
  /* The caller may have set the variable to run the other tests on one tier. */
  const char *variable = getenv("SPP_TIER");
  char *saved = variable == NULL ? NULL : strdup(variable);

  unsetenv("SPP_TIER");
  CHECK(create(SPP_TIER_AUTO) == SPP_OK);
  CHECK(spp_tier_refusal(SPP_TIER_AUTO) == NULL);
  CHECK(spp_tier_refusal(SPP_TIER_PORTABLE) == NULL);
  FAILS(create(99), SPP_ERROR_TIER, "tier", "99");
  FAILS(create(-1), SPP_ERROR_TIER, "tier", "-1");
  CHECK(spp_tier_refusal(99) != NULL);

  bool one_refused = false;
  for (int32_t tier = SPP_TIER_PORTABLE; tier <= SPP_TIER_AVX512; ++tier) {
    const char *refusal = spp_tier_refusal(tier);
    if (refusal == NULL) continue;
    one_refused = true;
    FAILS(create(tier), SPP_ERROR_TIER, spp_tier_name(tier), refusal);
    setenv("SPP_TIER", spp_tier_name(tier), 1);
    FAILS(create(SPP_TIER_AUTO), SPP_ERROR_TIER, spp_tier_name(tier), refusal);
    CHECK(spp_tier_refusal(SPP_TIER_AUTO) != NULL);
  }
  CHECK(one_refused); /* no processor has both neon and avx2 */

  const char *const unknown[] = {"sse9", "AVX2", "avx2 ", "auto "};
  for (size_t k = 0; k < sizeof unknown / sizeof unknown[0]; ++k) {
    setenv("SPP_TIER", unknown[k], 1);
    FAILS(create(SPP_TIER_AUTO), SPP_ERROR_TIER, "SPP_TIER", unknown[k]);
    CHECK(spp_tier_refusal(SPP_TIER_AUTO) != NULL);
    CHECK(create(SPP_TIER_PORTABLE) == SPP_OK); /* the option wins */
  }
  setenv("SPP_TIER", "", 1);
  CHECK(create(SPP_TIER_AUTO) == SPP_OK);

  if (saved == NULL) {
    unsetenv("SPP_TIER");
  } else {
    setenv("SPP_TIER", saved, 1);
  }
  free(saved);
}

static void *fail_elsewhere(void *unused) {
  (void)unused;
  CHECK(strcmp(spp_last_error(), "") == 0);
  FAILS(create(77), SPP_ERROR_TIER, "tier", "77");
  return NULL;
}

void test_last_error(void) {
  FAILS(create(55), SPP_ERROR_TIER, "tier", "55");
  char before[1024];
  strncpy(before, spp_last_error(), sizeof before - 1);
  before[sizeof before - 1] = '\0';
  CHECK(create(SPP_TIER_PORTABLE) == SPP_OK);
  CHECK(strcmp(spp_last_error(), before) == 0); /* success leaves it alone */

  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, fail_elsewhere, NULL) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(strcmp(spp_last_error(), before) == 0); /* and so does another thread */
}
