// One call of a Pooling.
#ifndef LIBSPP_CALLS_HPP
#define LIBSPP_CALLS_HPP

#include "pooling.hpp"

// x: an array of 4 dimensions, of 3, or a list or tuple of arrays of 3.  The other arguments may be
// None.  Returns out, or a new array.
nb::object pool(const Pooling &pooling, nb::handle x, nb::handle out, nb::handle threads,
                nb::handle valid_sizes);

#endif
