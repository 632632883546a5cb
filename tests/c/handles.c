/* Descriptions that cannot be made, and queries that cannot be answered. */
#include <limits.h>
#include <string.h>

#include "check.h"

static const spp_level levels[] = {{1, 1}, {2, 2}};

static spp_options good_options(void) {
  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 2;
  return options;
}

/* Makes a handle that should fail: *pooling becomes NULL. */
static spp_status create(const spp_options *options) {
  spp_pooling *pooling = (spp_pooling *)(void *)&failures;
  const spp_status status = spp_pooling_create(options, &pooling);
  CHECK(pooling == NULL);
  return status;
}

static void test_levels(void) {
  spp_options options = good_options();
  options.levels = NULL;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "levels", "NULL");

  options = good_options();
  options.level_count = 0;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "level_count", "0");
  options.level_count = -3;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "level_count", "-3");
  options.level_count = SPP_MAX_LEVELS + 1;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "level_count", "65");
  options.level_count = INT64_MAX;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "level_count", "9223372036854775807");

  const spp_level bad[] = {{0, 1}, {1, 0}, {-2, 1}, {1, SPP_MAX_SIDE + 1}, {INT32_MAX, INT32_MAX}};
  const char *const values[] = {"0", "0", "-2", "4097", "2147483647"};
  for (size_t k = 0; k < sizeof bad / sizeof bad[0]; ++k) {
    spp_level pyramid[] = {{1, 1}, bad[k]};
    options = good_options();
    options.levels = pyramid;
    FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "levels[1]", values[k]);
  }

  /* 4096 * 4096 bins are the most; one more is too many. */
  const spp_level many[] = {{SPP_MAX_SIDE, SPP_MAX_SIDE}, {1, 1}};
  options = good_options();
  options.levels = many;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "bins", "16777217");
}

static void test_enums(void) {
  static const struct {
    size_t offset;
    const char *name;
  } fields[] = {{offsetof(spp_options, bin_rule), "bin_rule"},
                {offsetof(spp_options, order), "order"},
                {offsetof(spp_options, element_type), "element_type"},
                {offsetof(spp_options, layout), "layout"},
                {offsetof(spp_options, nan_policy), "nan_policy"},
                {offsetof(spp_options, empty_policy), "empty_policy"}};
  for (size_t k = 0; k < sizeof fields / sizeof fields[0]; ++k) {
    const int32_t values[] = {77, -5, INT32_MAX, INT32_MIN};
    const char *const texts[] = {"77", "-5", "2147483647", "-2147483648"};
    for (size_t v = 0; v < 4; ++v) {
      spp_options options = good_options();
      memcpy((char *)&options + fields[k].offset, &values[v], sizeof values[v]);
      FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, fields[k].name, texts[v]);
    }
  }
  spp_options options = good_options();
  options.thread_limit = -1;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "thread_limit", "-1");
}

static void test_struct_size(void) {
  spp_options options = good_options();
  options.struct_size = 0;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "0");
  options.struct_size = sizeof options.struct_size;
  FAILS(create(&options), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "8");

  /* A longer struct, from a newer header. */
  struct {
    spp_options known;
    char unknown[16];
  } longer = {good_options(), {0}};
  longer.known.struct_size = sizeof longer;
  spp_pooling *pooling = NULL;
  CHECK(spp_pooling_create(&longer.known, &pooling) == SPP_OK);
  CHECK(pooling != NULL);
  spp_pooling_destroy(pooling);
  const char *const bytes[] = {"byte 56", "byte 61", "byte 66", "byte 71"};
  for (size_t k = 0; k < sizeof longer.unknown; k += 5) {
    longer.unknown[k] = 1;
    FAILS(create(&longer.known), SPP_ERROR_UNSUPPORTED, "options", bytes[k / 5]);
    longer.unknown[k] = 0;
  }
}

void test_handles(void) {
  spp_options options = good_options();
  FAILS(create(NULL), SPP_ERROR_INVALID_ARGUMENT, "options", "NULL");
  FAILS(spp_pooling_create(&options, NULL), SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  test_levels();
  test_enums();
  test_struct_size();
  spp_pooling_destroy(NULL);
}

static void test_rectangles(const spp_pooling *pooling) {
  spp_rectangle rectangles[5];
  memset(rectangles, 0x5a, sizeof rectangles);
  spp_rectangle before[5];
  memcpy(before, rectangles, sizeof before);
  FAILS(spp_pooling_rectangles(NULL, 4, 4, rectangles, 5), SPP_ERROR_INVALID_ARGUMENT, "pooling",
        "NULL");
  FAILS(spp_pooling_rectangles(pooling, 0, 4, rectangles, 5), SPP_ERROR_INVALID_ARGUMENT, "height",
        "0");
  FAILS(spp_pooling_rectangles(pooling, 4, -1, rectangles, 5), SPP_ERROR_INVALID_ARGUMENT, "width",
        "-1");
  FAILS(spp_pooling_rectangles(pooling, 4, 4, NULL, 5), SPP_ERROR_INVALID_ARGUMENT, "rectangles",
        "NULL");
  FAILS(spp_pooling_rectangles(pooling, 4, 4, rectangles, 4), SPP_ERROR_OUTPUT_TOO_SMALL,
        "capacity", "4");
  FAILS(spp_pooling_rectangles(pooling, 4, 4, rectangles, -1), SPP_ERROR_INVALID_ARGUMENT,
        "capacity", "-1");
  CHECK(memcmp(before, rectangles, sizeof before) == 0);
  CHECK(spp_pooling_rectangles(pooling, 1, 1, rectangles, 5) == SPP_OK); /* with empty bins */
}

/* Where windows end. */
static void test_rectangles_of_windows(void) {
  const int64_t most = (int64_t)1 << 32;
  spp_options options = good_options();
  options.bin_rule = SPP_BINS_ROI;
  spp_pooling *pooling = NULL;
  CHECK(spp_pooling_create(&options, &pooling) == SPP_OK);
  spp_rectangle rectangles[5];
  memset(rectangles, 0x5a, sizeof rectangles);
  FAILS(spp_pooling_rectangles(pooling, most + 1, 4, rectangles, 5), SPP_ERROR_INVALID_ARGUMENT,
        "height", "4294967297");
  FAILS(spp_pooling_rectangles(pooling, 4, INT64_MAX, rectangles, 5), SPP_ERROR_INVALID_ARGUMENT,
        "width", "9223372036854775807");
  CHECK(rectangles[0].top == 0x5a5a5a5a5a5a5a5a);
  CHECK(spp_pooling_rectangles(pooling, most, 4, rectangles, 5) == SPP_OK);
  CHECK(rectangles[0].top == 0 && rectangles[0].bottom == most && rectangles[0].right == 4);
  CHECK(rectangles[4].top == most / 2 && rectangles[4].bottom == most && rectangles[4].left == 2);
  spp_pooling_destroy(pooling);
}

void test_queries(void) {
  CHECK(spp_pooling_bin_count(NULL) == 0);
  CHECK(strcmp(spp_pooling_describe(NULL), "") == 0);
  CHECK(spp_pooling_tier(NULL) == SPP_TIER_AUTO);
  CHECK(strcmp(spp_status_name(SPP_OK), "SPP_OK") == 0);
  CHECK(strcmp(spp_status_name(SPP_ERROR_INTERNAL), "SPP_ERROR_INTERNAL") == 0);
  CHECK(strcmp(spp_status_name(-1), "unknown status") == 0);
  CHECK(strcmp(spp_status_name(INT32_MAX), "unknown status") == 0);
  CHECK(spp_tier_name(-1) == NULL);
  CHECK(spp_tier_name(99) == NULL);
  CHECK(strcmp(spp_tier_name(SPP_TIER_AUTO), "auto") == 0);
  CHECK(spp_thread_count() >= 1);
  CHECK(strcmp(spp_version(), "0.1.0") == 0);

  spp_options options = good_options();
  spp_pooling *pooling = NULL;
  CHECK(spp_pooling_create(&options, &pooling) == SPP_OK);
  test_rectangles(pooling);
  test_rectangles_of_windows();

  int64_t length = 42;
  FAILS(spp_pooling_output_length(NULL, 3, &length), SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  FAILS(spp_pooling_output_length(pooling, 3, NULL), SPP_ERROR_INVALID_ARGUMENT, "length", "NULL");
  FAILS(spp_pooling_output_length(pooling, 0, &length), SPP_ERROR_INVALID_ARGUMENT, "channels",
        "0");
  FAILS(spp_pooling_output_length(pooling, INT64_MAX / 4, &length), SPP_ERROR_OVERFLOW, "channels",
        "2305843009213693951");
  CHECK(length == 42);

  int64_t permutation[10] = {7, 7};
  FAILS(spp_pooling_permutation(NULL, 2, permutation, 10), SPP_ERROR_INVALID_ARGUMENT, "pooling",
        "NULL");
  FAILS(spp_pooling_permutation(pooling, -2, permutation, 10), SPP_ERROR_INVALID_ARGUMENT,
        "channels", "-2");
  FAILS(spp_pooling_permutation(pooling, 2, NULL, 10), SPP_ERROR_INVALID_ARGUMENT, "permutation",
        "NULL");
  FAILS(spp_pooling_permutation(pooling, 2, permutation, 9), SPP_ERROR_OUTPUT_TOO_SMALL, "capacity",
        "9");
  FAILS(spp_pooling_permutation(pooling, INT64_MAX, permutation, 10), SPP_ERROR_OVERFLOW,
        "channels", "9223372036854775807");
  CHECK(permutation[0] == 7 && permutation[1] == 7);
  spp_pooling_destroy(pooling);
}
