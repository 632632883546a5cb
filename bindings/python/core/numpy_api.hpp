// NumPy's C interface; module.cpp loads it.
#ifndef LIBSPP_NUMPY_API_HPP
#define LIBSPP_NUMPY_API_HPP

#include <nanobind/nanobind.h>

#define NPY_NO_DEPRECATED_API NPY_1_22_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL libspp_numpy_api
#ifndef LIBSPP_LOADS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>

namespace nb = nanobind;

#endif
