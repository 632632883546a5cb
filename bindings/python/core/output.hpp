// The arrays that calls return.
#ifndef LIBSPP_OUTPUT_HPP
#define LIBSPP_OUTPUT_HPP

#include <cstdint>

#include "numpy_api.hpp"

// A new array without gaps, its content unspecified.  Fresh memory costs more to touch than the
// pooling of a map, so memory comes from a small store of what earlier arrays left: an array's
// memory goes back there when the array and every view of it are gone.  Takes over `description`.
nb::object new_array(PyArray_Descr *description, int dimensions, const std::int64_t *shape);

// The elements of a NumPy array.
void *elements_of(const nb::object &array);

#endif
