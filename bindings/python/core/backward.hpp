// The gradient of one call of a Pooling.
#ifndef LIBSPP_BACKWARD_HPP
#define LIBSPP_BACKWARD_HPP

#include "pooling.hpp"

// shape: that of the maps, or a list of shapes; a list of arrays is returned then.  regions, out, threads
// and valid_sizes may be None.
nb::object pool_backward(const Pooling &pooling, nb::handle grad, nb::handle indices,
                         nb::handle shape, nb::handle regions, nb::handle out, nb::handle threads,
                         nb::handle valid_sizes);

#endif
