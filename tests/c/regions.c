/* Regions and projections: bad arguments. */
#include <math.h>
#include <string.h>

#include "calls.h"

static spp_pooling *pooling;
static spp_pooling *roi_pooling;

static spp_status pool_with(const spp_pooling *with, const spp_region *regions, int64_t count) {
  const spp_batch batch = good_batch();
  const spp_output output = good_output();
  begin();
  return end(spp_pool_regions(with, &batch, regions, count, &output, NULL, NULL));
}

/* The second of two regions. */
static spp_status pool(spp_region region) {
  const spp_region regions[] = {{1, 0, 0, 2, 2}, region};
  return pool_with(pooling, regions, 2);
}

static void test_windows(void) {
  CHECK(pool((spp_region){0, 1, 2, 2, 2}) == SPP_OK);
  FAILS(pool((spp_region){2, 0, 0, 2, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1].image", "2");
  FAILS(pool((spp_region){-1, 0, 0, 2, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1].image", "-1");
  FAILS(pool((spp_region){0, -5, 0, 2, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "y -5");
  FAILS(pool((spp_region){0, 0, -6, 2, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "x -6");
  FAILS(pool((spp_region){0, 2, 0, 2, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "y 2");
  FAILS(pool((spp_region){0, 0, 3, 2, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "x 3");
  FAILS(pool((spp_region){0, 0, 0, 0, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "height 0");
  FAILS(pool((spp_region){0, 0, 0, 2, -7}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]", "width -7");
  FAILS(pool((spp_region){0, INT64_MAX, 0, INT64_MAX, 2}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]",
        "9223372036854775807");
  FAILS(pool((spp_region){0, 0, INT64_MIN, 2, INT64_MAX}), SPP_ERROR_INVALID_ARGUMENT, "regions[1]",
        "-9223372036854775808");
  FAILS(pool((spp_region){0, 1, 1, 1, 2}), SPP_ERROR_EMPTY_BIN, "region 1", "1 x 2");
}

/* A map of the same element everywhere, whose windows are no more than it but together. */
static void test_cells_of_all_windows(void) {
  static const int64_t strides[] = {0, 0, 0, 0};
  const int64_t side = INT64_C(1) << 30;
  spp_batch batch = good_batch();
  batch.strides = strides;
  batch.count = batch.channels = 1;
  batch.height = batch.width = side;
  const spp_region whole = {0, 0, 0, side, side};
  const spp_region regions[] = {whole, whole};
  const spp_output output = good_output();
  begin();
  FAILS(end(spp_pool_regions(pooling, &batch, regions, 2, &output, NULL, NULL)), SPP_ERROR_OVERFLOW,
        "regions[1]", "64 bits");
}

static void test_roi_windows(void) {
  spp_region region = {0, -100, 100, 7, 7};
  const spp_region regions[] = {{1, -1, -1, 9, 9}, region};
  CHECK(pool_with(roi_pooling, regions, 2) == SPP_OK);
  region.width = 0;
  FAILS(pool_with(roi_pooling, &region, 1), SPP_ERROR_INVALID_ARGUMENT, "regions[0]", "width 0");
  region.width = INT64_MAX;
  FAILS(pool_with(roi_pooling, &region, 1), SPP_ERROR_INVALID_ARGUMENT, "regions[0]",
        "9223372036854775807");
  region = (spp_region){0, 0, INT64_C(4294967297), 1, 1};
  FAILS(pool_with(roi_pooling, &region, 1), SPP_ERROR_INVALID_ARGUMENT, "regions[0]", "4294967297");
  region = (spp_region){0, INT64_MIN, 0, 1, 1};
  FAILS(pool_with(roi_pooling, &region, 1), SPP_ERROR_INVALID_ARGUMENT, "regions[0]",
        "-9223372036854775808");
  const spp_batch batch = good_batch();
  const spp_output output = good_output();
  begin();
  FAILS(end(spp_pool(roi_pooling, &batch, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "options->bin_rule", "SPP_BINS_ROI");
}

static void test_counts(void) {
  const spp_region region = {0, 0, 0, 2, 2};
  const spp_batch batch = good_batch();
  const spp_map map = good_map();
  spp_output output = good_output();
  begin();
  FAILS(pool_with(pooling, &region, -4), SPP_ERROR_INVALID_ARGUMENT, "count", "-4");
  FAILS(pool_with(pooling, NULL, 1), SPP_ERROR_INVALID_ARGUMENT, "regions", "NULL");
  FAILS(pool_with(NULL, &region, 1), SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  FAILS(spp_pool_regions_ragged(pooling, &map, -2, channels, &region, 1, &output, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "map_count", "-2");
  FAILS(spp_pool_regions_ragged(pooling, NULL, 0, channels, &region, 1, &output, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "regions[0].image", "0 maps");
  FAILS(spp_pool_regions_ragged(NULL, &map, 1, channels, &region, 1, &output, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "pooling", "NULL");
  CHECK(spp_pool_regions_ragged(pooling, &map, 1, channels, NULL, 0, &output, NULL, NULL) ==
        SPP_OK);
  output.capacity = 2 * length - 1;
  const spp_region regions[] = {region, region};
  FAILS(spp_pool_regions(pooling, &batch, regions, 2, &output, NULL, NULL),
        SPP_ERROR_OUTPUT_TOO_SMALL, "output->capacity", "19");
  output = good_output();
  output.data = input + 1;
  FAILS(spp_pool_regions(pooling, &batch, &region, 1, &output, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "output->data", "overlaps");
  /* Zero regions: nothing is written, and what else there is has to be right. */
  output = (spp_output){.struct_size = sizeof output};
  CHECK(spp_pool_regions(pooling, &batch, NULL, 0, &output, NULL, NULL) == SPP_OK);
  FAILS(spp_pool_regions(pooling, NULL, NULL, 0, &output, NULL, NULL), SPP_ERROR_INVALID_ARGUMENT,
        "maps", "NULL");
  spp_batch empty_batch = batch;
  spp_map empty_map = map;
  empty_batch.data = empty_map.data = NULL;
  CHECK(spp_pool_regions(pooling, &empty_batch, NULL, 0, &output, NULL, NULL) == SPP_OK);
  CHECK(spp_pool_regions_ragged(pooling, &empty_map, 1, channels, NULL, 0, &output, NULL, NULL) ==
        SPP_OK);
  output = good_output();
  FAILS(spp_pool_regions(pooling, &empty_batch, &region, 1, &output, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "maps->data", "NULL");
  FAILS(spp_pool_regions_ragged(pooling, &empty_map, 1, channels, &region, 1, &output, NULL, NULL),
        SPP_ERROR_INVALID_ARGUMENT, "maps[0].data", "NULL");
}

/* Regions that are written where boxes or images are still read. */
static void test_projections_in_place(void) {
  static union {
    float boxes[40];
    int64_t images[20];
    spp_region regions[4];
  } shared;
  const float boxes[] = {0, 0, 16, 16, 32, 32, 48, 48};
  memcpy(shared.boxes, boxes, sizeof boxes);
  FAILS(spp_project_roi_pool(shared.boxes, NULL, 2, 0.0625F, shared.regions),
        SPP_ERROR_INVALID_ARGUMENT, "regions", "overlaps boxes");
  FAILS(spp_project_paper(shared.boxes + 4, NULL, 1, 16, 3, 4, shared.regions),
        SPP_ERROR_INVALID_ARGUMENT, "regions", "overlaps boxes");
  CHECK(memcmp(shared.boxes, boxes, sizeof boxes) == 0);
  CHECK(spp_project_roi_pool(shared.boxes, NULL, 2, 0.0625F, shared.regions + 1) == SPP_OK);
  CHECK(shared.regions[2].y == 2 && shared.regions[2].height == 2);
  memset(&shared, 0, sizeof shared);
  FAILS(spp_project_roi_pool(boxes, shared.images + 9, 2, 0.0625F, shared.regions),
        SPP_ERROR_INVALID_ARGUMENT, "regions", "overlaps images");
  CHECK(spp_project_roi_pool(boxes, shared.images + 10, 2, 0.0625F, shared.regions) == SPP_OK);
  FAILS(spp_project_roi_pool(boxes, NULL, INT64_MAX, 0.0625F, shared.regions), SPP_ERROR_OVERFLOW,
        "count", "9223372036854775807");
}

static void test_positions(void) {
  int64_t positions[length];
  const spp_batch batch = good_batch();
  const spp_output output = good_output();
  const spp_region region = {1, 1, 2, 2, 2};
  spp_argmax argmax = {.struct_size = sizeof argmax, .data = positions, .capacity = length};
  CHECK(spp_pool_regions(pooling, &batch, &region, 1, &output, &argmax, NULL) == SPP_OK);
  CHECK(positions[2] == 1 * width + 2 && positions[length - 1] == 2 * width + 3);
  argmax.capacity = length - 1;
  FAILS(spp_pool_regions(pooling, &batch, &region, 1, &output, &argmax, NULL),
        SPP_ERROR_OUTPUT_TOO_SMALL, "argmax->capacity", "9");
}

static void test_projections(void) {
  float boxes[] = {0, 0, 16, 16, 1, 2, 3, 4};
  spp_region regions[2];
  memset(regions, 0x5a, sizeof regions);
  FAILS(spp_project_paper(boxes, NULL, 2, 0, 3, 4, regions), SPP_ERROR_INVALID_ARGUMENT, "stride",
        "0");
  FAILS(spp_project_paper(boxes, NULL, 2, NAN, 3, 4, regions), SPP_ERROR_INVALID_ARGUMENT, "stride",
        "nan");
  FAILS(spp_project_paper(boxes, NULL, 2, 16, 0, 4, regions), SPP_ERROR_INVALID_ARGUMENT, "height",
        "0");
  FAILS(spp_project_paper(boxes, NULL, 2, 16, 3, -4, regions), SPP_ERROR_INVALID_ARGUMENT, "width",
        "-4");
  FAILS(spp_project_paper(NULL, NULL, 2, 16, 3, 4, regions), SPP_ERROR_INVALID_ARGUMENT, "boxes",
        "NULL");
  FAILS(spp_project_paper(boxes, NULL, 2, 16, 3, 4, NULL), SPP_ERROR_INVALID_ARGUMENT, "regions",
        "NULL");
  FAILS(spp_project_roi_pool(boxes, NULL, -3, 1, regions), SPP_ERROR_INVALID_ARGUMENT, "count",
        "-3");
  FAILS(spp_project_roi_pool(boxes, NULL, 2, INFINITY, regions), SPP_ERROR_INVALID_ARGUMENT,
        "spatial_scale", "inf");
  FAILS(spp_project_roi_pool(boxes, NULL, 2, 1e9F, regions), SPP_ERROR_INVALID_ARGUMENT,
        "boxes[0].x2", "16");
  boxes[6] = NAN;
  FAILS(spp_project_paper(boxes, NULL, 2, 16, 3, 4, regions), SPP_ERROR_INVALID_ARGUMENT,
        "boxes[1].x2", "nan");
  FAILS(spp_project_roi_pool(boxes, NULL, 2, 1, regions), SPP_ERROR_INVALID_ARGUMENT, "boxes[1].x2",
        "nan");
  boxes[6] = -2147483648.0F;
  FAILS(spp_project_roi_pool(boxes, NULL, 2, 0.0625F, regions), SPP_ERROR_INVALID_ARGUMENT,
        "boxes[1].x2", "-2.14748e+09");
  bool untouched = true;
  for (size_t k = 0; k < sizeof regions; ++k)
    untouched = untouched && ((const unsigned char *)regions)[k] == 0x5a;
  CHECK(untouched);
  CHECK(spp_project_paper(NULL, NULL, 0, 16, 3, 4, NULL) == SPP_OK);
  CHECK(spp_project_roi_pool(NULL, NULL, 0, 1, NULL) == SPP_OK);
}

void test_regions(void) {
  pooling = make_pooling();
  static const spp_level levels[] = {{1, 1}, {2, 2}};
  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 2;
  options.bin_rule = SPP_BINS_ROI;
  CHECK(spp_pooling_create(&options, &roi_pooling) == SPP_OK);
  test_windows();
  test_roi_windows();
  test_cells_of_all_windows();
  test_counts();
  test_positions();
  test_projections();
  test_projections_in_place();
  spp_pooling_destroy(roi_pooling);
  spp_pooling_destroy(pooling);
}
