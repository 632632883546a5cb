#include "calls.h"

#include <string.h>

float input[images * height * width * channels];
float output_buffer[images * length];

spp_pooling *make_pooling(void) {
  static const spp_level levels[] = {{1, 1}, {2, 2}};
  spp_options options = {.struct_size = sizeof options};
  options.levels = levels;
  options.level_count = 2;
  for (int k = 0; k < images * height * width * channels; ++k) input[k] = (float)(k % 11);
  spp_pooling *pooling = NULL;
  CHECK(spp_pooling_create(&options, &pooling) == SPP_OK);
  return pooling;
}

spp_batch good_batch(void) {
  spp_batch batch = {.struct_size = sizeof batch};
  batch.data = input;
  batch.count = images;
  batch.height = height;
  batch.width = width;
  batch.channels = channels;
  return batch;
}

spp_map good_map(void) {
  spp_map map = {.struct_size = sizeof map};
  map.data = input;
  map.height = height;
  map.width = width;
  return map;
}

spp_output good_output(void) {
  spp_output output = {.struct_size = sizeof output};
  output.data = output_buffer;
  output.capacity = images * length;
  return output;
}

void begin(void) { memset(output_buffer, 0x5a, sizeof output_buffer); }

spp_status end(spp_status status) {
  const char *bytes = (const char *)output_buffer;
  bool untouched = true;
  for (size_t k = 0; k < sizeof output_buffer; ++k) untouched = untouched && bytes[k] == 0x5a;
  CHECK(untouched == (status != SPP_OK));
  return status;
}
