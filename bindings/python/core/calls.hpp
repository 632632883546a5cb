// The calls of a Pooling that find maxima.
#ifndef LIBSPP_CALLS_HPP
#define LIBSPP_CALLS_HPP

#include "pooling.hpp"

// x: an array of 4 dimensions, of 3, or a list or tuple of arrays of 3.  out, indices, threads and
// valid_sizes may be None.  Returns out or a new array; with `return_indices`, or if `indices` is
// given, a pair of it and the positions.
nb::object pool(const Pooling &pooling, nb::handle x, nb::handle out, bool return_indices,
                nb::handle indices, nb::handle threads, nb::handle valid_sizes);

// The same for windows of x: regions is a table (R, 5) of whole numbers.
nb::object pool_regions(const Pooling &pooling, nb::handle x, nb::handle regions, nb::handle out,
                        bool return_indices, nb::handle indices, nb::handle threads,
                        nb::handle valid_sizes);

#endif
