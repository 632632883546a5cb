#include "numbers.hpp"

#include <nanobind/stl/string.h>

#include "errors.hpp"

std::string printed(nb::handle object) { return nb::cast<std::string>(nb::repr(object)); }

std::int32_t read_int32(nb::handle number, const char *name) {
  if (!PyIndex_Check(number.ptr())) {
    raise_type_error(std::string(name) + " is " + printed(number) + ", not a whole number");
  }
  const nb::object index = nb::steal(PyNumber_Index(number.ptr()));
  if (!index.is_valid()) throw nb::python_error();
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0 || value < INT32_MIN || value > INT32_MAX) {
    raise_value_error(std::string(name) + " is " + printed(number) + ", beyond 32 bits");
  }
  return static_cast<std::int32_t>(value);
}

spp_execution execution_with(nb::handle threads) {
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  if (!threads.is_none()) execution.thread_limit = read_int32(threads, "threads");
  return execution;
}
