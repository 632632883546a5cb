/* Ragged batches that are refused, and bad descriptions of how to run a call. */
#include "calls.h"

static spp_pooling *pooling;

/* A good map, then this one. */
static spp_status pool_second(spp_map second) {
  const spp_output output = good_output();
  const spp_map maps[] = {good_map(), second};
  begin();
  return end(spp_pool_ragged(pooling, maps, 2, channels, &output, NULL));
}

static void test_ragged_maps(void) {
  CHECK(pool_second(good_map()) == SPP_OK);
  spp_map map = good_map();
  map.data = NULL;
  FAILS(pool_second(map), SPP_ERROR_INVALID_ARGUMENT, "maps[1]", "NULL");
  map.data = (const char *)input + 3;
  FAILS(pool_second(map), SPP_ERROR_INVALID_ARGUMENT, "maps[1]", "align");
  map = good_map();
  map.height = 0;
  FAILS(pool_second(map), SPP_ERROR_INVALID_ARGUMENT, "maps[1].height", "0");
  map = good_map();
  map.width = -2;
  FAILS(pool_second(map), SPP_ERROR_INVALID_ARGUMENT, "maps[1].width", "-2");
  map = good_map();
  map.height = INT64_MAX / 2;
  FAILS(pool_second(map), SPP_ERROR_OVERFLOW, "maps[1]", "4611686018427387903");

  const int64_t strides[][3] = {
      {-8, 2, 1}, {8, -2, 1}, {8, 2, -4}, {8, INT64_MAX, 1}, {4, 1, INT64_MAX}};
  const char *const values[] = {"-8", "-2", "-4", "9223372036854775807", "9223372036854775807"};
  const spp_status statuses[] = {SPP_ERROR_INVALID_ARGUMENT, SPP_ERROR_INVALID_ARGUMENT,
                                 SPP_ERROR_INVALID_ARGUMENT, SPP_ERROR_OVERFLOW,
                                 SPP_ERROR_OVERFLOW};
  for (int k = 0; k < 5; ++k) {
    map = good_map();
    map.strides = strides[k];
    FAILS(pool_second(map), statuses[k], "maps[1]", values[k]);
  }

  map = good_map();
  map.height = 1; /* bins of no cells, in the second map only */
  FAILS(pool_second(map), SPP_ERROR_EMPTY_BIN, "1 x 4", "2 empty bins");
}

/* Maps of the same element everywhere, each of which can be pooled, but not all. */
static void test_cells_of_all_maps(void) {
  static const int64_t strides[] = {0, 0, 0};
  spp_map maps[5];
  for (int k = 0; k < 5; ++k) {
    maps[k] = good_map();
    maps[k].strides = strides;
    maps[k].height = maps[k].width = INT64_C(1) << 29;
  }
  const spp_output output = {sizeof output, output_buffer, 5 * length, 0};
  begin();
  FAILS(end(spp_pool_ragged(pooling, maps, 5, channels, &output, NULL)), SPP_ERROR_OVERFLOW,
        "maps[3]", "64 bits");
}

static void test_ragged_structs(void) {
  spp_map map = good_map();
  map.struct_size = 16;
  FAILS(pool_second(map), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "16");

  struct longer_map {
    spp_map known;
    int64_t unknown;
  } maps[2] = {{good_map(), 0}, {good_map(), 0}};
  maps[0].known.struct_size = sizeof(struct longer_map);
  maps[1].known.struct_size = sizeof(struct longer_map);
  const spp_output output = good_output();
  begin();
  CHECK(end(spp_pool_ragged(pooling, &maps[0].known, 2, channels, &output, NULL)) == SPP_OK);
  maps[1].unknown = 5;
  begin();
  FAILS(end(spp_pool_ragged(pooling, &maps[0].known, 2, channels, &output, NULL)),
        SPP_ERROR_UNSUPPORTED, "maps[1]", "byte 40");
  maps[1].known.struct_size = sizeof(spp_map);
  FAILS(end(spp_pool_ragged(pooling, &maps[0].known, 2, channels, &output, NULL)),
        SPP_ERROR_INVALID_ARGUMENT, "maps[1].struct_size is 40", "48");
}

static void test_ragged_arguments(void) {
  const spp_map maps[] = {good_map(), good_map()};
  spp_output output = good_output();
  begin();
  FAILS(end(spp_pool_ragged(NULL, maps, 2, channels, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "pooling", "NULL");
  FAILS(end(spp_pool_ragged(pooling, NULL, 2, channels, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "maps", "NULL");
  FAILS(end(spp_pool_ragged(pooling, maps, -2, channels, &output, NULL)),
        SPP_ERROR_INVALID_ARGUMENT, "count", "-2");
  FAILS(end(spp_pool_ragged(pooling, maps, 2, -9, &output, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "channels", "-9");
  FAILS(end(spp_pool_ragged(pooling, maps, 2, channels, NULL, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "output", "NULL");
  output.capacity = 2 * length - 1;
  FAILS(end(spp_pool_ragged(pooling, maps, 2, channels, &output, NULL)), SPP_ERROR_OUTPUT_TOO_SMALL,
        "capacity", "19");
  spp_output inside = {.struct_size = sizeof inside};
  inside.data = input + 1;
  inside.capacity = 2 * length;
  FAILS(end(spp_pool_ragged(pooling, maps, 2, channels, &inside, NULL)), SPP_ERROR_INVALID_ARGUMENT,
        "output", "overlap");
}

void test_ragged(void) {
  pooling = make_pooling();
  test_ragged_maps();
  test_cells_of_all_maps();
  test_ragged_structs();
  test_ragged_arguments();
  spp_pooling_destroy(pooling);
}

static spp_status pool_so(const spp_execution *execution) {
  const spp_batch batch = good_batch();
  const spp_output output = good_output();
  begin();
  return end(spp_pool(pooling, &batch, &output, execution));
}

void test_executions(void) {
  pooling = make_pooling();
  spp_execution execution = {.struct_size = sizeof execution};
  CHECK(pool_so(&execution) == SPP_OK);
  execution.thread_limit = -2;
  FAILS(pool_so(&execution), SPP_ERROR_INVALID_ARGUMENT, "thread_limit", "-2");
  execution.thread_limit = 0;
  execution.reserved = 3;
  FAILS(pool_so(&execution), SPP_ERROR_UNSUPPORTED, "reserved", "3");
  execution.reserved = 0;
  execution.struct_size = 4;
  FAILS(pool_so(&execution), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "4");
  execution.struct_size = sizeof execution;
  spp_report report = {.struct_size = 4};
  execution.report = &report;
  FAILS(pool_so(&execution), SPP_ERROR_INVALID_ARGUMENT, "struct_size", "4");

  struct {
    spp_execution known;
    char unknown[8];
  } longer = {{.struct_size = sizeof longer}, {0}};
  CHECK(pool_so(&longer.known) == SPP_OK);
  longer.unknown[7] = 1;
  FAILS(pool_so(&longer.known), SPP_ERROR_UNSUPPORTED, "execution", "byte 47");
  spp_pooling_destroy(pooling);
}
