/* Calls of spp_pool that are refused. */
#include <string.h>

#include "calls.h"

static spp_pooling *pooling;

static spp_status pool(const spp_batch *batch) {
  const spp_output output = good_output();
  begin();
  return end(spp_pool(pooling, batch, &output, NULL));
}

static spp_status pool_to(const spp_output *output) {
  const spp_batch batch = good_batch();
  begin();
  return end(spp_pool(pooling, &batch, output, NULL));
}

static void test_sizes(void) {
  spp_batch batch = good_batch();
  CHECK(pool(&batch) == SPP_OK);
  batch.data = NULL;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "data", "NULL");
  batch = good_batch();
  batch.data = (const char *)input + 2;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "data", "align");
  batch = good_batch();
  batch.count = -1;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "count", "-1");
  batch = good_batch();
  batch.height = 0;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "height", "0");
  batch = good_batch();
  batch.width = -7;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "width", "-7");
  batch = good_batch();
  batch.channels = 0;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "channels", "0");
}

static void test_strides(void) {
  static const struct {
    int64_t strides[4];
    spp_status status;
    const char *name, *value;
  } cases[] = {
      {{-1, 8, 2, 1}, SPP_ERROR_INVALID_ARGUMENT, "stride", "-1"},
      {{24, -8, 2, 1}, SPP_ERROR_INVALID_ARGUMENT, "stride", "-8"},
      {{24, 8, -2, 1}, SPP_ERROR_INVALID_ARGUMENT, "stride", "-2"},
      {{24, 8, 2, -1}, SPP_ERROR_INVALID_ARGUMENT, "channel", "-1"},
      {{24, 4, 1, -12}, SPP_ERROR_INVALID_ARGUMENT, "channel", "-12"},
      {{INT64_MAX, 8, 2, 1}, SPP_ERROR_OVERFLOW, "stride", "9223372036854775807"},
      {{24, INT64_MAX / 2, 2, 1}, SPP_ERROR_OVERFLOW, "stride", "4611686018427387903"},
      {{24, 8, INT64_MAX / 3, 1}, SPP_ERROR_OVERFLOW, "stride", "3074457345618258602"},
      {{24, 8, 2, INT64_MAX - 1}, SPP_ERROR_OVERFLOW, "channel", "9223372036854775806"},
      /* Each product fits, their sum in bytes does not. */
      {{INT64_MAX / 8, INT64_MAX / 16, 2, 1},
       SPP_ERROR_OVERFLOW,
       "maps->data",
       "2305843009213693957"},
      {{0, 4, 1, INT64_MAX / 4}, SPP_ERROR_OVERFLOW, "maps->data", "2305843009213693963"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; ++k) {
    spp_batch batch = good_batch();
    batch.strides = cases[k].strides;
    FAILS(pool(&batch), cases[k].status, cases[k].name, cases[k].value);
  }
}

static void test_overflows(void) {
  static const struct {
    int64_t count, height, width, channels;
  } cases[] = {{1, INT64_MAX, INT64_MAX, 1}, {1, INT64_MAX, 1, 2},     {INT64_MAX, 1, 1, 2},
               {1, 1, INT64_MAX / 2, 3},     {INT64_MAX / 4, 2, 2, 2}, {1, 1, 1, INT64_MAX},
               {1, INT64_MAX / 4 + 1, 1, 1}, /* the elements fit, their bytes do not */
               {INT64_MAX / 8, 1, 1, 1}};    /* the rows of the output do not */
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; ++k) {
    spp_batch batch = good_batch();
    batch.count = cases[k].count;
    batch.height = cases[k].height;
    batch.width = cases[k].width;
    batch.channels = cases[k].channels;
    FAILS(pool(&batch), SPP_ERROR_OVERFLOW, "", "");
  }
  spp_output output = good_output();
  output.row_stride = INT64_MAX;
  output.capacity = INT64_MAX;
  FAILS(pool_to(&output), SPP_ERROR_OVERFLOW, "row_stride", "9223372036854775807");
}

static void test_valid_sizes(void) {
  const int64_t heights[][2] = {{3, 0}, {-1, 3}, {3, 4}};
  const char *const values[] = {"0", "-1", "4"};
  const char *const height_names[] = {"valid_heights[1]", "valid_heights[0]", "valid_heights[1]"};
  for (int k = 0; k < 3; ++k) {
    spp_batch batch = good_batch();
    batch.valid_heights = heights[k];
    FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, height_names[k], values[k]);
  }
  const int64_t widths[2] = {4, 5};
  spp_batch batch = good_batch();
  batch.valid_widths = widths;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "valid_widths[1]", "5");
}

static void test_outputs(void) {
  const spp_batch batch = good_batch();
  begin();
  FAILS(end(spp_pool(pooling, &batch, NULL, NULL)), SPP_ERROR_INVALID_ARGUMENT, "output", "NULL");
  spp_output output = good_output();
  output.data = NULL;
  FAILS(pool_to(&output), SPP_ERROR_INVALID_ARGUMENT, "data", "NULL");
  output.data = (char *)output_buffer + 1;
  FAILS(pool_to(&output), SPP_ERROR_INVALID_ARGUMENT, "data", "align");
  output = good_output();
  output.capacity = images * length - 1;
  FAILS(pool_to(&output), SPP_ERROR_OUTPUT_TOO_SMALL, "capacity", "19");
  output.capacity = 0;
  FAILS(pool_to(&output), SPP_ERROR_OUTPUT_TOO_SMALL, "capacity", "0");
  output.capacity = -4;
  FAILS(pool_to(&output), SPP_ERROR_INVALID_ARGUMENT, "capacity", "-4");
  output = good_output();
  output.row_stride = length - 1;
  FAILS(pool_to(&output), SPP_ERROR_INVALID_ARGUMENT, "row_stride", "9");
  output.row_stride = -length;
  FAILS(pool_to(&output), SPP_ERROR_INVALID_ARGUMENT, "row_stride", "-10");
  output.row_stride = length + 1; /* the last row has no gap behind it, the first has */
  FAILS(pool_to(&output), SPP_ERROR_OUTPUT_TOO_SMALL, "capacity", "20");
}

static void test_overlaps(void) {
  /* The input behind the output row and the output row behind the input, by one element. */
  enum { size = height * width * channels };
  float shared[size + length];
  for (int k = 0; k < size + length; ++k) shared[k] = 1;
  spp_batch batch = good_batch();
  batch.count = 1;
  spp_output output = {.struct_size = sizeof output};
  output.capacity = length;
  const int inputs[] = {length - 1, 0, 0, 3};
  const int outputs[] = {0, size - 1, 0, 5};
  for (int k = 0; k < 4; ++k) {
    batch.data = shared + inputs[k];
    output.data = shared + outputs[k];
    FAILS(spp_pool(pooling, &batch, &output, NULL), SPP_ERROR_INVALID_ARGUMENT, "output",
          "overlap");
  }
  for (int k = 0; k < size + length; ++k) CHECK(shared[k] == 1);
  batch.data = shared + length;
  output.data = shared;
  CHECK(spp_pool(pooling, &batch, &output, NULL) == SPP_OK); /* side by side is fine */
}

static void test_empty_bins(void) {
  const int64_t heights[2] = {3, 1};
  spp_batch batch = good_batch();
  batch.valid_heights = heights;
  /* One row for two bins: rint(0.5) is 0, so both bins of the upper bin row are empty. */
  FAILS(pool(&batch), SPP_ERROR_EMPTY_BIN, "1 x 4", "2 empty bins");
  FAILS(pool(&batch), SPP_ERROR_EMPTY_BIN, "map 1", "level 1 (2 x 2)");
}

static void test_zero_maps(void) {
  spp_batch batch = good_batch();
  batch.count = 0;
  batch.data = NULL;
  spp_output output = {.struct_size = sizeof output};
  begin();
  CHECK(spp_pool(pooling, &batch, &output, NULL) == SPP_OK);
  spp_report report = {.struct_size = sizeof report};
  spp_execution execution = {.struct_size = sizeof execution};
  execution.report = &report;
  report.tier = 9;
  report.tasks = 9;
  CHECK(spp_pool(pooling, &batch, &output, &execution) == SPP_OK);
  CHECK(report.tier == SPP_TIER_AUTO && report.tasks == 0);
  output = good_output();
  CHECK(spp_pool(pooling, &batch, &output, NULL) == SPP_OK);
  FAILS(end(spp_pool(NULL, &batch, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  CHECK(spp_pool_ragged(pooling, NULL, 0, channels, &output, NULL) == SPP_OK);
  /* The other arguments are still checked. */
  FAILS(end(spp_pool_ragged(pooling, NULL, 0, 0, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "channels", "0");
  batch.height = 0;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "height", "0");
  batch = good_batch();
  batch.count = 0;
  const int64_t strides[4] = {0, 0, 0, -2};
  batch.strides = strides;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "channel", "-2");
}

static void test_batch_structs(void) {
  spp_batch batch = good_batch();
  begin();
  const spp_output output = good_output();
  FAILS(end(spp_pool(NULL, &batch, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  FAILS(end(spp_pool(pooling, NULL, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT, "maps", "NULL");
  batch.struct_size = 8;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "8");
  batch.struct_size = 4097;
  FAILS(pool(&batch), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "4097");
  struct {
    spp_batch known;
    int64_t unknown;
  } longer_batch = {good_batch(), 0};
  longer_batch.known.struct_size = sizeof longer_batch;
  CHECK(pool(&longer_batch.known) == SPP_OK);
  longer_batch.unknown = 1;
  FAILS(pool(&longer_batch.known), SPP_ERROR_UNSUPPORTED, "maps", "byte 72");

  struct {
    spp_output known;
    int64_t unknown;
  } longer_output = {good_output(), 0};
  longer_output.known.struct_size = sizeof longer_output;
  CHECK(pool_to(&longer_output.known) == SPP_OK);
  longer_output.unknown = INT64_MIN;
  FAILS(pool_to(&longer_output.known), SPP_ERROR_UNSUPPORTED, "output", "byte 39");
  longer_output.known.struct_size = 16;
  FAILS(pool_to(&longer_output.known), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "16");
}

/* Elements that repeat, so that only what is not memory is too much. */
static void test_far_limits(void) {
  static const int64_t strides[] = {0, 0, 0, 0};
  spp_batch batch = good_batch();
  batch.data = (const void *)(UINTPTR_MAX - 15);
  FAILS(pool(&batch), SPP_ERROR_OVERFLOW, "maps->data", "address space");
  batch = good_batch();
  batch.strides = strides;
  batch.count = batch.height = batch.width = 1;
  batch.channels = INT64_MAX / 4;
  FAILS(pool(&batch), SPP_ERROR_OVERFLOW, "output length", "2305843009213693951");
  batch = good_batch();
  batch.strides = strides;
  batch.count = 3;
  spp_output output = good_output();
  output.row_stride = INT64_MAX;
  begin();
  FAILS(end(spp_pool(pooling, &batch, &output, NULL)), SPP_ERROR_OVERFLOW, "output->row_stride",
        "9223372036854775807");
}

/* Strides along axes of one element, which lead nowhere. */
static void test_unused_strides(void) {
  static const int64_t strides[] = {INT64_MAX, INT64_MAX - 7, INT64_MAX / 2, 1};
  static float map[64], row[64];
  for (int c = 0; c < 64; ++c) map[c] = (float)c;
  const spp_level level = {1, 1};
  const spp_options options = {.struct_size = sizeof options, .levels = &level, .level_count = 1};
  spp_pooling *one_bin = NULL;
  CHECK(spp_pooling_create(&options, &one_bin) == SPP_OK);
  spp_batch batch = good_batch();
  batch.data = map;
  batch.count = batch.height = batch.width = 1;
  batch.channels = 64;
  batch.strides = strides;
  spp_output output = good_output();
  output.data = row;
  output.capacity = 64;
  CHECK(spp_pool(one_bin, &batch, &output, NULL) == SPP_OK);
  CHECK(memcmp(map, row, sizeof row) == 0);
  spp_pooling_destroy(one_bin);
}

void test_batches(void) {
  pooling = make_pooling();
  test_sizes();
  test_strides();
  test_overflows();
  test_valid_sizes();
  test_outputs();
  test_overlaps();
  test_empty_bins();
  test_zero_maps();
  test_batch_structs();
  test_far_limits();
  test_unused_strides();
  spp_pooling_destroy(pooling);
}
