/* A program that was compiled against the first header runs against this library. */
#include <stdio.h>
#include <string.h>

#include "spp_0_1.h"

static int failures = 0;

#define CHECK(condition)                                                    \
  do {                                                                      \
    if (!(condition)) {                                                     \
      printf("line %d: %s (%s)\n", __LINE__, #condition, spp_last_error()); \
      ++failures;                                                           \
    }                                                                       \
  } while (0)

static int32_t serial(void *calls, spp_task task, void *task_context, int64_t count) {
  ++*(int *)calls;
  for (int64_t k = 0; k < count; ++k) task(task_context, k);
  return 0;
}

/* Two channels; the maxima are the last cells of their bins, and minus the first ones. */
static float map[6][8][2];

static void expect_row(const float *row) {
  static const float expected[5][2] = {{47, 0}, {19, 0}, {23, -4}, {43, -24}, {47, -28}};
  for (int bin = 0; bin < 5; ++bin)
    for (int c = 0; c < 2; ++c) CHECK(row[2 * bin + c] == expected[bin][c]);
}

static void fill_map(void) {
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 8; ++x) {
      map[y][x][0] = (float)(8 * y + x);
      map[y][x][1] = (float)-(8 * y + x);
    }
}

static void ask(const spp_pooling *pooling) {
  CHECK(strcmp(spp_status_name(SPP_ERROR_EMPTY_BIN), "SPP_ERROR_EMPTY_BIN") == 0);
  CHECK(strncmp(spp_version(), "0.", 2) == 0);
  CHECK(strcmp(spp_tier_name(SPP_TIER_PORTABLE), "portable") == 0);
  CHECK(spp_tier_refusal(SPP_TIER_PORTABLE) == NULL);
  CHECK(spp_thread_count() >= 1);
  CHECK(spp_pooling_bin_count(pooling) == 5);
  CHECK(spp_pooling_tier(pooling) == SPP_TIER_PORTABLE);
  CHECK(strstr(spp_pooling_describe(pooling), "2x2") != NULL);
  int64_t length = 0;
  CHECK(spp_pooling_output_length(pooling, 2, &length) == SPP_OK && length == 10);
  spp_rectangle bins[5];
  CHECK(spp_pooling_rectangles(pooling, 6, 8, bins, 5) == SPP_OK);
  CHECK(bins[4].top == 3 && bins[4].left == 4 && bins[4].bottom == 6 && bins[4].right == 8);
  int64_t places[10];
  CHECK(spp_pooling_permutation(pooling, 2, places, 10) == SPP_OK);
  CHECK(places[0] == 0 && places[2] == 2 && places[3] == 4 && places[9] == 9);
}

static void pool(const spp_pooling *pooling) {
  float rows[2][10];
  const spp_batch batch = {
      .struct_size = sizeof batch, .data = map, .count = 1, .height = 6, .width = 8, .channels = 2};
  const spp_output output = {.struct_size = sizeof output, .data = rows, .capacity = 20};
  int calls = 0;
  spp_report report = {.struct_size = sizeof report};
  const spp_execution execution = {.struct_size = sizeof execution,
                                   .thread_limit = 1,
                                   .executor = serial,
                                   .executor_context = &calls,
                                   .report = &report};
  CHECK(spp_pool(pooling, &batch, &output, &execution) == SPP_OK);
  CHECK(report.tier == SPP_TIER_PORTABLE && report.tasks == 1 && calls == 0);
  expect_row(rows[0]);

  memset(rows, 0, sizeof rows);
  const spp_map maps[] = {{.struct_size = sizeof(spp_map), .data = map, .height = 6, .width = 8},
                          {.struct_size = sizeof(spp_map), .data = map, .height = 6, .width = 8}};
  CHECK(spp_pool_ragged(pooling, maps, 2, 2, &output, NULL) == SPP_OK);
  expect_row(rows[0]);
  expect_row(rows[1]);
}

int main(void) {
  fill_map();
  const spp_level levels[] = {{1, 1}, {2, 2}};
  const spp_options options = {
      .struct_size = sizeof options, .levels = levels, .level_count = 2, .tier = SPP_TIER_PORTABLE};
  spp_pooling *pooling = NULL;
  CHECK(spp_pooling_create(&options, &pooling) == SPP_OK);
  if (pooling == NULL) return 1;
  ask(pooling);
  pool(pooling);
  spp_pooling_destroy(pooling);
  CHECK(spp_pooling_create(NULL, &pooling) == SPP_ERROR_INVALID_ARGUMENT);
  CHECK(spp_last_error()[0] != '\0');
  return failures == 0 ? 0 : 1;
}
