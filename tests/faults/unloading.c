/*
 * Loads the library, pools on several threads and unloads it again, many times.  A program of its own
 * that links neither the library nor oneTBB: both come and go together, while oneTBB has threads.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "spp.h"

enum { SIDE = 64, CHANNELS = 128, ROUNDS = 40 };

/* ISO C has no cast from an object pointer to a function. */
#define FIND(name)                              \
  do {                                          \
    *(void **)&name##_ = dlsym(library, #name); \
    if (!name##_) return "no function " #name;  \
  } while (0)

/* NULL, or what went wrong. */
static const char *pool_once(void *library, const float *map, float *row) {
  spp_status (*spp_pooling_create_)(const spp_options *, spp_pooling **);
  spp_status (*spp_pool_)(const spp_pooling *, const spp_batch *, const spp_output *,
                          const spp_execution *);
  void (*spp_pooling_destroy_)(spp_pooling *);
  FIND(spp_pooling_create);
  FIND(spp_pool);
  FIND(spp_pooling_destroy);
  const spp_level levels[] = {{1, 1}, {2, 2}};
  const spp_options options = {.struct_size = sizeof options, .levels = levels, .level_count = 2};
  spp_pooling *pooling = NULL;
  if (spp_pooling_create_(&options, &pooling) != SPP_OK) return "spp_pooling_create";
  const spp_batch maps = {.struct_size = sizeof maps,
                          .data = map,
                          .count = 1,
                          .height = SIDE,
                          .width = SIDE,
                          .channels = CHANNELS};
  const spp_output output = {.struct_size = sizeof output, .data = row, .capacity = 5 * CHANNELS};
  const spp_status status = spp_pool_(pooling, &maps, &output, NULL);
  spp_pooling_destroy_(pooling);
  if (status != SPP_OK) return "spp_pool";
  /* The numbers ascend from cell to cell, so a bin's maximum is its last cell. */
  const int last_rows[] = {SIDE, SIDE / 2, SIDE / 2, SIDE, SIDE};
  const int last_columns[] = {SIDE, SIDE / 2, SIDE, SIDE / 2, SIDE};
  for (int bin = 0; bin < 5; ++bin)
    for (int c = 0; c < CHANNELS; ++c)
      if (row[bin * CHANNELS + c] != (float)((last_rows[bin] - 1) * SIDE + last_columns[bin] - 1))
        return "wrong numbers";
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  float *map = malloc(sizeof(float) * SIDE * SIDE * CHANNELS);
  float *row = malloc(sizeof(float) * 5 * CHANNELS);
  if (!map || !row) return 2;
  for (int k = 0; k < SIDE * SIDE * CHANNELS; ++k) map[k] = (float)(k / CHANNELS);
  for (int round = 0; round < ROUNDS; ++round) {
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      printf("%s\n", dlerror());
      return 1;
    }
    const char *wrong = pool_once(library, map, row);
    if (wrong || dlclose(library) != 0) {
      printf("round %d: %s\n", round, wrong ? wrong : dlerror());
      return 1;
    }
  }
  free(row);
  free(map);
  return 0;
}
