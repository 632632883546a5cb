/*
 * chosen_tier NAME: pools one map with every default and checks that the tier NAME did it.  Run where
 * the answer is known: on emulated processors.
 */
#include <spp.h>
#include <stdio.h>
#include <string.h>

int main(int argument_count, char **arguments) {
  if (argument_count != 2) {
    fprintf(stderr, "usage: chosen_tier NAME\n");
    return 2;
  }

  const spp_level levels[] = {{1, 1}, {2, 2}};
  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 2;
  spp_pooling *pooling = NULL;
  if (spp_pooling_create(&options, &pooling) != SPP_OK) {
    fprintf(stderr, "%s\n", spp_last_error());
    return 1;
  }

  /* Three cells by two, 17 channels: cell k has the number k, so the bins' maxima are the last cell
     of each. */
  enum { channels = 17 };
  float map[6 * channels];
  for (int i = 0; i < 6 * channels; ++i) map[i] = (float)(i / channels);
  const float expected[5] = {5, 2, 3, 4, 5};
  float row[5 * channels];

  spp_batch maps = {.struct_size = sizeof maps};
  maps.data = map;
  maps.count = 1;
  maps.height = 3;
  maps.width = 2;
  maps.channels = channels;
  spp_output output = {.struct_size = sizeof output};
  output.data = row;
  output.capacity = 5 * channels;
  spp_report report = {.struct_size = sizeof report};
  spp_execution execution = {.struct_size = sizeof execution};
  execution.report = &report;
  if (spp_pool(pooling, &maps, &output, &execution) != SPP_OK) {
    fprintf(stderr, "%s\n", spp_last_error());
    return 1;
  }
  spp_pooling_destroy(pooling);

  for (int i = 0; i < 5 * channels; ++i) {
    if (row[i] != expected[i / channels]) {
      fprintf(stderr, "number %d is %g, not %g\n", i, (double)row[i],
              (double)expected[i / channels]);
      return 1;
    }
  }
  const char *name = spp_tier_name(report.tier);
  printf("tier %s pooled\n", name);
  return strcmp(name, arguments[1]) == 0 ? 0 : 1;
}
