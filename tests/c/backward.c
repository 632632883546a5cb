/* Backward calls that are refused: nothing is written. */
#include <string.h>

#include "calls.h"

enum { cells = height * width, elements = images * cells * channels };

static float gradients[images * length];
static int64_t positions[images * length];
static float written[elements];
static spp_pooling *pooling;

static spp_gradient good_gradient(void) {
  spp_gradient gradient = {.struct_size = sizeof gradient};
  gradient.data = gradients;
  gradient.capacity = images * length;
  return gradient;
}

static spp_argmax good_argmax(void) {
  spp_argmax argmax = {.struct_size = sizeof argmax};
  argmax.data = positions;
  argmax.capacity = images * length;
  return argmax;
}

/* Without data, which is not read. */
static spp_batch maps_without_data(void) {
  spp_batch batch = good_batch();
  batch.data = NULL;
  return batch;
}

static bool is_untouched(void) {
  for (size_t k = 0; k < sizeof written; ++k)
    if (((const char *)written)[k] != 0x5a) return false;
  return true;
}

static spp_status backward(const spp_gradient *gradient, const spp_argmax *argmax,
                           const spp_batch *maps) {
  memset(written, 0x5a, sizeof written);
  const spp_status status = spp_backward(pooling, gradient, argmax, maps, written, NULL);
  CHECK(is_untouched() == (status != SPP_OK));
  return status;
}

static spp_status backward_from(spp_gradient gradient) {
  const spp_argmax argmax = good_argmax();
  const spp_batch maps = maps_without_data();
  return backward(&gradient, &argmax, &maps);
}

static spp_status backward_at(spp_argmax argmax) {
  const spp_gradient gradient = good_gradient();
  const spp_batch maps = maps_without_data();
  return backward(&gradient, &argmax, &maps);
}

static spp_status backward_to(spp_batch maps) {
  const spp_gradient gradient = good_gradient();
  const spp_argmax argmax = good_argmax();
  return backward(&gradient, &argmax, &maps);
}

static void test_gradients(void) {
  CHECK(backward_from(good_gradient()) == SPP_OK);
  const spp_argmax argmax = good_argmax();
  const spp_batch maps = maps_without_data();
  FAILS(backward(NULL, &argmax, &maps), SPP_ERROR_INVALID_ARGUMENT, "gradient", "NULL");
  spp_gradient gradient = good_gradient();
  gradient.data = NULL;
  FAILS(backward_from(gradient), SPP_ERROR_INVALID_ARGUMENT, "gradient->data", "NULL");
  gradient.data = (const char *)gradients + 2;
  FAILS(backward_from(gradient), SPP_ERROR_INVALID_ARGUMENT, "gradient->data", "align");
  gradient = good_gradient();
  gradient.capacity = images * length - 1;
  FAILS(backward_from(gradient), SPP_ERROR_OUTPUT_TOO_SMALL, "gradient->capacity", "19");
  gradient.capacity = -1;
  FAILS(backward_from(gradient), SPP_ERROR_INVALID_ARGUMENT, "gradient->capacity", "-1");
  gradient = good_gradient();
  gradient.row_stride = length - 1;
  FAILS(backward_from(gradient), SPP_ERROR_INVALID_ARGUMENT, "gradient->row_stride", "9");
  gradient.row_stride = INT64_MAX;
  FAILS(backward_from(gradient), SPP_ERROR_OVERFLOW, "gradient->row_stride", "9223372036854775807");
  gradient = good_gradient();
  gradient.struct_size = 8;
  FAILS(backward_from(gradient), SPP_ERROR_INVALID_ARGUMENT, "gradient->struct_size", "8");
}

static void test_argmaxes(void) {
  const spp_gradient gradient = good_gradient();
  const spp_batch maps = maps_without_data();
  FAILS(backward(&gradient, NULL, &maps), SPP_ERROR_INVALID_ARGUMENT, "argmax", "NULL");
  spp_argmax argmax = good_argmax();
  argmax.data = NULL;
  FAILS(backward_at(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "NULL");
  argmax.data = (char *)positions + 4;
  FAILS(backward_at(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->data", "align");
  argmax = good_argmax();
  argmax.capacity = images * length - 1;
  FAILS(backward_at(argmax), SPP_ERROR_OUTPUT_TOO_SMALL, "argmax->capacity", "19");
  argmax = good_argmax();
  argmax.row_stride = -3;
  FAILS(backward_at(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->row_stride", "-3");
  argmax = good_argmax();
  argmax.index_type = 2;
  FAILS(backward_at(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->index_type", "2");
  argmax = good_argmax();
  argmax.reserved = 7;
  FAILS(backward_at(argmax), SPP_ERROR_UNSUPPORTED, "argmax->reserved", "7");
  argmax = good_argmax();
  argmax.struct_size = 16;
  FAILS(backward_at(argmax), SPP_ERROR_INVALID_ARGUMENT, "argmax->struct_size", "16");

  spp_batch large = maps_without_data();
  large.height = INT64_C(1) << 17;
  large.width = INT64_C(1) << 15;
  argmax = good_argmax();
  argmax.index_type = SPP_INDEX_I32;
  FAILS(backward(&gradient, &argmax, &large), SPP_ERROR_INVALID_ARGUMENT, "argmax->index_type",
        "131072 x 32768");
}

static void test_positions(void) {
  const int64_t bad[] = {cells, -2, INT64_MIN, INT64_MAX, INT64_C(1) << 32, -(INT64_C(1) << 32)};
  const char *const values[] = {
      "12", "-2", "-9223372036854775808", "9223372036854775807", "4294967296", "-4294967296"};
  for (int k = 0; k < 6; ++k) {
    positions[length + 3] = bad[k];
    FAILS(backward_at(good_argmax()), SPP_ERROR_INVALID_ARGUMENT, "row 1, number 3", values[k]);
    positions[length + 3] = 0;
  }
  positions[2 * length - 1] = cells - 1;
  positions[0] = -1;
  CHECK(backward_at(good_argmax()) == SPP_OK);
  positions[2 * length - 1] = positions[0] = 0;

  /* Behind the valid columns, and below the valid rows, of the second map. */
  const int64_t heights[2] = {height, 2};
  const int64_t widths[2] = {width, 3};
  spp_batch maps = maps_without_data();
  maps.valid_heights = heights;
  maps.valid_widths = widths;
  const int64_t outside[] = {3, 2 * width, width + 3};
  const char *const names[] = {"3", "8", "7"};
  for (int k = 0; k < 3; ++k) {
    positions[5] = outside[k]; /* fine in the first map */
    CHECK(backward_to(maps) == SPP_OK);
    positions[length + 5] = outside[k];
    FAILS(backward_to(maps), SPP_ERROR_INVALID_ARGUMENT, "row 1, number 5", names[k]);
    positions[5] = positions[length + 5] = 0;
  }

  static int32_t narrow[images * length];
  spp_argmax argmax = good_argmax();
  argmax.data = narrow;
  argmax.index_type = SPP_INDEX_I32;
  CHECK(backward_at(argmax) == SPP_OK);
  narrow[7] = INT32_MIN;
  FAILS(backward_at(argmax), SPP_ERROR_INVALID_ARGUMENT, "row 0, number 7", "-2147483648");
}

static void test_maps(void) {
  const spp_gradient gradient = good_gradient();
  const spp_argmax argmax = good_argmax();
  spp_batch maps = maps_without_data();
  FAILS(spp_backward(pooling, &gradient, &argmax, &maps, NULL, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "map_gradients", "NULL");
  FAILS(spp_backward(pooling, &gradient, &argmax, &maps, (char *)written + 1, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients", "align");
  FAILS(spp_backward(pooling, &gradient, &argmax, NULL, written, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "maps", "NULL");
  FAILS(spp_backward(NULL, &gradient, &argmax, &maps, written, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "pooling", "NULL");
  maps.width = 0;
  FAILS(backward_to(maps), SPP_ERROR_INVALID_ARGUMENT, "width", "0");

  /* Strides that repeat elements: of an image, a row, a column, a channel; crossing rows. */
  const int64_t strides[][4] = {{0, 8, 2, 1},  {24, 0, 2, 1}, {24, 8, 0, 1},
                                {24, 8, 2, 0}, {24, 7, 2, 1}, {23, 8, 2, 1}};
  const char *const axes[] = {"image", "row", "column", "channel", "row", "image"};
  for (int k = 0; k < 6; ++k) {
    maps = maps_without_data();
    maps.strides = strides[k];
    FAILS(backward_to(maps), SPP_ERROR_INVALID_ARGUMENT, "strides", axes[k]);
  }
}

static void test_gradient_overlaps(void) {
  static float shared[elements + images * length];
  spp_gradient gradient = good_gradient();
  spp_argmax argmax = good_argmax();
  const spp_batch maps = maps_without_data();
  gradient.data = shared + elements - 1;
  FAILS(spp_backward(pooling, &gradient, &argmax, &maps, shared, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "map_gradients", "gradient->data");
  gradient.data = shared + elements;
  CHECK(spp_backward(pooling, &gradient, &argmax, &maps, shared, NULL) == SPP_OK);
  gradient = good_gradient();
  argmax.data = shared;
  argmax.capacity = images * length;
  argmax.index_type = SPP_INDEX_I32;
  FAILS(spp_backward(pooling, &gradient, &argmax, &maps, shared + images * length - 1, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients", "argmax->data");
}

static void test_lists(void) {
  const spp_gradient gradient = good_gradient();
  const spp_argmax argmax = good_argmax();
  spp_map maps[2] = {good_map(), good_map()};
  maps[0].data = maps[1].data = NULL;
  float *const halves[2] = {written, written + cells * channels};
  void *places[2] = {halves[0], halves[1]};
  CHECK(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL) ==
        SPP_OK);
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients", "NULL");
  places[1] = NULL;
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients[1]", "NULL");
  places[1] = (char *)halves[1] + 2;
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients[1]", "align");
  places[1] = halves[0];
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients[0]", "map_gradients[1]");
  places[1] = halves[1] - 1;
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients[0]", "map_gradients[1]");

  /* Two crops of one array: the halves of its rows may interlock, but not meet. */
  const int64_t strides[3] = {2 * width * channels, channels, 1};
  maps[0].strides = maps[1].strides = strides;
  places[1] = halves[0] + width * channels;
  CHECK(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL) ==
        SPP_OK);
  places[1] = halves[0] + (width - 1) * channels;
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_gradients[0]", "map_gradients[1]");
  const int64_t repeated[3] = {0, channels, 1};
  maps[1].strides = repeated;
  places[1] = halves[1];
  FAILS(spp_backward_ragged(pooling, &gradient, &argmax, maps, 2, channels, places, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "maps[1]", "row");
}

static void test_integers(void) {
  static const spp_level levels[] = {{1, 1}};
  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 1;
  options.element_type = SPP_I16;
  spp_pooling *integers = NULL;
  CHECK(spp_pooling_create(&options, &integers) == SPP_OK);
  const spp_gradient gradient = good_gradient();
  const spp_argmax argmax = good_argmax();
  const spp_batch maps = maps_without_data();
  memset(written, 0x5a, sizeof written);
  FAILS(spp_backward(integers, &gradient, &argmax, &maps, written, NULL), SPP_ERROR_UNSUPPORTED,
        "element_type", "i16");
  CHECK(is_untouched());
  spp_pooling_destroy(integers);
}

static void test_roi(void) {
  static const spp_level levels[] = {{2, 2}, {1, 1}};
  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 2;
  options.bin_rule = SPP_BINS_ROI;
  spp_pooling *of_regions = NULL;
  CHECK(spp_pooling_create(&options, &of_regions) == SPP_OK);
  const spp_gradient gradient = good_gradient();
  const spp_argmax argmax = good_argmax();
  const spp_batch maps = maps_without_data();
  memset(written, 0x5a, sizeof written);
  FAILS(spp_backward(of_regions, &gradient, &argmax, &maps, written, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "options->bin_rule", "SPP_BINS_ROI");
  CHECK(is_untouched());
  spp_pooling_destroy(of_regions);
}

static void test_no_maps(void) {
  const spp_gradient gradient = {.struct_size = sizeof gradient};
  const spp_argmax argmax = {.struct_size = sizeof argmax};
  spp_batch maps = maps_without_data();
  maps.count = 0;
  CHECK(spp_backward(pooling, &gradient, &argmax, &maps, NULL, NULL) == SPP_OK);
  CHECK(spp_backward_ragged(pooling, &gradient, &argmax, NULL, 0, channels, NULL, NULL) == SPP_OK);
  FAILS(spp_backward(pooling, &gradient, NULL, &maps, NULL, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "argmax", "NULL");
  spp_execution execution = {.struct_size = sizeof execution};
  execution.thread_limit = -5;
  FAILS(spp_backward(pooling, &gradient, &argmax, &maps, NULL, &execution),
        SPP_ERROR_INVALID_ARGUMENT, "thread_limit", "-5");
}

void test_backward(void) {
  pooling = make_pooling();
  test_gradients();
  test_argmaxes();
  test_positions();
  test_maps();
  test_gradient_overlaps();
  test_lists();
  test_integers();
  test_roi();
  test_no_maps();
  spp_pooling_destroy(pooling);
}
