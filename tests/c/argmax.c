/* Positions of maxima: bad places for them. */
#include <string.h>

#include "calls.h"

static spp_pooling *pooling;
static int64_t positions[images * length];

static spp_argmax good_argmax(void) {
  spp_argmax argmax = {.struct_size = sizeof argmax};
  argmax.data = positions;
  argmax.capacity = images * length;
  return argmax;
}

/* Checks that a failure has written no position either. */
static spp_status pool(const spp_batch *batch, const spp_argmax *argmax) {
  const spp_output output = good_output();
  memset(positions, 0x5a, sizeof positions);
  begin();
  const spp_status status = end(spp_pool_argmax(pooling, batch, &output, argmax, NULL));
  bool untouched = true;
  for (int k = 0; k < images * length; ++k)
    untouched = untouched && positions[k] == 0x5a5a5a5a5a5a5a5a;
  CHECK(untouched == (status != SPP_OK));
  return status;
}

static spp_status pool_with(spp_argmax argmax) {
  const spp_batch batch = good_batch();
  return pool(&batch, &argmax);
}

static void test_places(void) {
  CHECK(pool_with(good_argmax()) == SPP_OK);
  spp_argmax argmax = good_argmax();
  argmax.data = NULL;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "NULL");
  argmax.data = (char *)positions + 4;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "8-byte");
  argmax = good_argmax();
  argmax.index_type = SPP_INDEX_I32;
  argmax.data = (char *)positions + 2;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "4-byte");
  argmax.data = input;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "overlaps");
  argmax.data = output_buffer + length;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "output->data");
  argmax = good_argmax();
  argmax.capacity = images * length - 1;
  FAILS(pool_with(argmax), SPP_ERROR_OUTPUT_TOO_SMALL, "argmax->capacity", "19");
  argmax.capacity = -3;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->capacity", "-3");
  argmax = good_argmax();
  argmax.row_stride = length - 1;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->row_stride", "9");
  argmax.row_stride = INT64_MAX / 4;
  FAILS(pool_with(argmax), SPP_ERROR_OVERFLOW, "argmax->row_stride", "2305843009213693951");
}

static void test_descriptions(void) {
  const spp_batch batch = good_batch();
  FAILS(pool(&batch, NULL), SPP_ERROR_INVALID_ARGUMENT, "argmax", "NULL");
  spp_argmax argmax = good_argmax();
  const spp_output output = good_output();
  FAILS(spp_pool_argmax(NULL, &batch, &output, &argmax, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "pooling", "NULL");
  argmax.struct_size = 8;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->struct_size", "8");
  argmax = good_argmax();
  argmax.index_type = 2;
  FAILS(pool_with(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->index_type", "2");
  argmax = good_argmax();
  argmax.reserved = 1;
  FAILS(pool_with(argmax), SPP_ERROR_UNSUPPORTED, "argmax->reserved", "1");
}

/* A map of more than 2^31 cells, all the same element, of which few are valid. */
static void test_wide_positions(void) {
  const int64_t strides[] = {0, 0, 0, 0};
  const int64_t sizes[] = {3, 4};
  spp_batch batch = good_batch();
  batch.strides = strides;
  batch.height = 3;
  batch.width = INT64_C(1) << 30;
  batch.valid_widths = sizes;
  spp_argmax argmax = good_argmax();
  argmax.index_type = SPP_INDEX_I32;
  FAILS(pool(&batch, &argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->index_type", "1073741824");
  CHECK(pool_with(good_argmax()) == SPP_OK);
  argmax.index_type = SPP_INDEX_I64;
  CHECK(pool(&batch, &argmax) == SPP_OK);
}

void test_argmax(void) {
  pooling = make_pooling();
  test_places();
  test_descriptions();
  test_wide_positions();
  spp_pooling_destroy(pooling);
}
