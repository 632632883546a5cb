/* The C header alone, first in a file, in every version of C and C++ that it promises. */
#include <spp.h>

spp_status header_compiles(const spp_options *options, spp_pooling **pooling);

spp_status header_compiles(const spp_options *options, spp_pooling **pooling) {
  return spp_pooling_create(options, pooling);
}
