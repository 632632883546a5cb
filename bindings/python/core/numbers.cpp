#include "numbers.hpp"

#include <nanobind/stl/string.h>

#include <vector>

#include "errors.hpp"
#include "output.hpp"
#include "rows.hpp"

std::string printed(nb::handle object) { return nb::cast<std::string>(nb::repr(object)); }

std::string read_word(nb::handle word, const char *name, const char *usual) {
  std::string result;
  if (!nb::try_cast(word, result)) {
    raise_type_error(std::string(name) + " is " + printed(word) + ", not a word such as '" + usual +
                     "'");
  }
  return result;
}

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

nb::object read_table(nb::handle table, const std::string &name, int type, std::int64_t width,
                      const char *columns) {
  const nb::object given = nb::steal(PyArray_FROM_O(table.ptr()));
  if (!given.is_valid()) throw nb::python_error();
  auto *array = reinterpret_cast<PyArrayObject *>(given.ptr());
  const int dimensions = PyArray_NDIM(array);
  if (dimensions == 1 && PyArray_DIM(array, 0) == 0) {  // an empty list
    const std::int64_t shape[] = {0, width};
    return new_array(PyArray_DescrFromType(type), 2, shape);
  }
  if (dimensions != 2 || PyArray_DIM(array, 1) != width) {
    const std::vector<std::int64_t> shape(PyArray_DIMS(array), PyArray_DIMS(array) + dimensions);
    raise_value_error(name + " has the shape " + shape_text(dimensions, shape.data()) +
                      ", it needs " + columns);
  }
  // Safely, because NumPy would round the numbers of a list to whole ones.
  if (PyArray_CanCastSafely(PyArray_TYPE(array), type) == 0) {
    raise_type_error(name + " has the element type " +
                     nb::cast<std::string>(given.attr("dtype").attr("name")) +
                     (type == NPY_INT64 ? ", not whole numbers that fit int64"
                                        : ", not numbers that fit float64"));
  }
  nb::object numbers = nb::steal(PyArray_FROMANY(given.ptr(), type, 2, 2, NPY_ARRAY_CARRAY_RO));
  if (!numbers.is_valid()) throw nb::python_error();
  return numbers;
}

spp_execution execution_with(nb::handle threads) {
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  if (!threads.is_none()) execution.thread_limit = read_int32(threads, "threads");
  return execution;
}
