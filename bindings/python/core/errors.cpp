#include "errors.hpp"

#include <nanobind/nanobind.h>

namespace nb = nanobind;

namespace {

[[noreturn]] void raise(PyObject *exception, const char *sentence) {
  PyErr_SetString(exception, sentence);
  throw nb::python_error();
}

}  // namespace

void check(spp_status status) {
  switch (status) {
    case SPP_OK:
      return;
    case SPP_ERROR_OUT_OF_MEMORY:
      raise(PyExc_MemoryError, spp_last_error());
    case SPP_ERROR_EXECUTOR:
    case SPP_ERROR_INTERNAL:
      raise(PyExc_RuntimeError, spp_last_error());
    default:
      raise(PyExc_ValueError, spp_last_error());
  }
}

void raise_type_error(const std::string &sentence) { raise(PyExc_TypeError, sentence.c_str()); }

void raise_value_error(const std::string &sentence) { raise(PyExc_ValueError, sentence.c_str()); }
