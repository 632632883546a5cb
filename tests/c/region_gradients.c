/* Backward calls through regions that are refused: nothing is written. */
#include <string.h>

#include "calls.h"

enum { count = 3, elements = images * height * width * channels };

static float gradients[count * length];
static int32_t positions[count * length];
static int64_t wide_positions[count * length];
static bool is_wide;
static float written[elements];
static spp_pooling *pooling;
static const spp_region good_regions[count] = {{1, 0, 0, 2, 2}, {0, 1, 1, 2, 3}, {1, 0, 0, 3, 4}};

static spp_status backward_with(const spp_region *regions, int64_t region_count, int64_t capacity) {
  const spp_gradient gradient = {sizeof gradient, gradients, capacity, 0};
  spp_argmax argmax = {sizeof argmax, positions, capacity, 0, SPP_INDEX_I32, 0};
  if (is_wide) {
    for (size_t k = 0; k < count * length; ++k) wide_positions[k] = positions[k];
    argmax.data = wide_positions;
    argmax.index_type = SPP_INDEX_I64;
  }
  spp_batch maps = good_batch();
  maps.data = NULL;
  memset(written, 0x5a, sizeof written);
  const spp_status status = spp_backward_regions(pooling, &gradient, &argmax, &maps, regions,
                                                 region_count, written, NULL);
  bool is_untouched = true;
  for (size_t k = 0; k < sizeof written; ++k)
    if (((const char *)written)[k] != 0x5a) is_untouched = false;
  CHECK(is_untouched == (status != SPP_OK));
  return status;
}

static void test_bad_regions(void) {
  CHECK(backward_with(good_regions, count, count * length) == SPP_OK);
  CHECK(backward_with(NULL, 0, 0) == SPP_OK);
  FAILS(backward_with(NULL, 1, length), SPP_ERROR_INVALID_ARGUMENT, "regions", "NULL");
  FAILS(backward_with(good_regions, -1, length), SPP_ERROR_INVALID_ARGUMENT, "count", "-1");
  FAILS(backward_with(good_regions, count, count * length - 1), SPP_ERROR_OUTPUT_TOO_SMALL,
        "gradient->capacity", "30");
  const spp_region outside[] = {{0, 0, 0, 2, 2}, {0, 2, 0, 2, 2}};
  FAILS(backward_with(outside, 2, 2 * length), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "y 2");
  const spp_region no_map = {2, 0, 0, 2, 2};
  FAILS(backward_with(&no_map, 1, length), SPP_ERROR_INVALID_ARGUMENT, "regions[0].image", "2");
}

/* A position counts in the whole map of the row's region, which the message names. */
static void test_bad_positions(void) {
  positions[length + 7] = height * width - 1;
  CHECK(backward_with(good_regions, count, count * length) == SPP_OK);
  positions[length + 7] = height * width;
  FAILS(backward_with(good_regions, count, count * length), SPP_ERROR_INVALID_ARGUMENT,
        "argmax->data has 12 in row 1, number 7", "map 0");
  positions[length + 7] = -2;
  FAILS(backward_with(good_regions, count, count * length), SPP_ERROR_INVALID_ARGUMENT,
        "argmax->data has -2 in row 1, number 7", "map 0");
  positions[length + 7] = 0;
}

static void test_lists(void) {
  const spp_gradient gradient = {sizeof gradient, gradients, count * length, 0};
  const spp_argmax argmax = {sizeof argmax, positions, count * length, 0, SPP_INDEX_I32, 0};
  const spp_map maps[] = {good_map(), good_map()};
  void *places[] = {written, written + elements / 2};
  CHECK(spp_backward_regions_ragged(pooling, &gradient, &argmax, maps, 2, channels, good_regions,
                                    count, places, NULL) == SPP_OK);
  FAILS(spp_backward_regions_ragged(pooling, &gradient, &argmax, maps, -2, channels, good_regions,
                                    count, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_count", "-2");
  FAILS(spp_backward_regions_ragged(pooling, &gradient, &argmax, maps, 1, channels, good_regions,
                                    count, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "regions[0].image", "1");

  /* A position that the first map has, in a row of the second one. */
  const spp_map unequal[] = {good_map(), {sizeof(spp_map), NULL, 1, 2, NULL}};
  const spp_region windows[] = {{0, 0, 0, 3, 4}, {1, 0, 0, 1, 2}, {0, 0, 0, 1, 1}};
  positions[3] = 2;
  CHECK(spp_backward_regions_ragged(pooling, &gradient, &argmax, unequal, 2, channels, windows,
                                    count, places, NULL) == SPP_OK);
  positions[length + 3] = 2;
  FAILS(spp_backward_regions_ragged(pooling, &gradient, &argmax, unequal, 2, channels, windows,
                                    count, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "argmax->data has 2 in row 1, number 3", "1 x 2");
  positions[3] = positions[length + 3] = 0;
  const spp_batch batch = good_batch();
  FAILS(spp_backward_regions(NULL, &gradient, &argmax, &batch, good_regions, count, written, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  FAILS(spp_backward_ragged(NULL, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  FAILS(spp_backward_regions_ragged(NULL, &gradient, &argmax, maps, 2, channels, good_regions,
                                    count, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
}

void test_region_gradients(void) {
  pooling = make_pooling();
  test_bad_regions();
  test_bad_positions();
  is_wide = true;
  test_bad_positions();
  test_lists();
  spp_pooling_destroy(pooling);
}
