/* Two levels of a map of 3 x 4 cells with one channel: a client in C11. */
#include <spp.h>
#include <stdio.h>

int main(void) {
  const float map[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const spp_level levels[] = {{1, 1}, {2, 2}};
  float row[5] = {0};

  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 2;
  spp_pooling *pooling = NULL;
  if (spp_pooling_create(&options, &pooling) != SPP_OK) {
    fprintf(stderr, "%s\n", spp_last_error());
    return 1;
  }

  spp_batch maps = {.struct_size = sizeof maps};
  maps.data = map;
  maps.count = 1;
  maps.height = 3;
  maps.width = 4;
  maps.channels = 1;
  spp_output output = {.struct_size = sizeof output};
  output.data = row;
  output.capacity = 5;
  const spp_status status = spp_pool(pooling, &maps, &output, NULL);
  if (status != SPP_OK) {
    fprintf(stderr, "%s: %s\n", spp_status_name(status), spp_last_error());
    return 1;
  }
  spp_pooling_destroy(pooling);

  printf("%s:", spp_version());
  for (int i = 0; i < 5; ++i) printf(" %g", (double)row[i]);
  printf("\n");
  return 0;
}
