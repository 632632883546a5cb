/* Small arguments that are fine, for calls that make one of them bad. */
#ifndef SPP_TESTS_C_CALLS_H
#define SPP_TESTS_C_CALLS_H

#include "check.h"

enum { height = 3, width = 4, channels = 2, bins = 5, length = bins * channels, images = 2 };

extern float input[images * height * width * channels];
extern float output_buffer[images * length];

/* 1x1 and 2x2 bins, rounded; an empty bin is an error. */
spp_pooling *make_pooling(void);

spp_batch good_batch(void);
spp_map good_map(void);
spp_output good_output(void);

/* Around a call: begin() forgets earlier output, end() checks that a failure has written nothing.
 */
void begin(void);
spp_status end(spp_status status);

#endif
