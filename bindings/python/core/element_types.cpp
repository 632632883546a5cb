#include "element_types.hpp"

#include <cstring>

#include "errors.hpp"
#include "numbers.hpp"

namespace {

struct Row {
  ElementType type;
  int numpy;  // NPY_VOID: bfloat16, whose number ml_dtypes gets when it is imported
  nb::dlpack::dtype_code code;
};

// In the order of their numbers.
constexpr Row rows[element_type_count] = {
    {{SPP_F32, "float32", 4}, NPY_FLOAT32, nb::dlpack::dtype_code::Float},
    {{SPP_F64, "float64", 8}, NPY_FLOAT64, nb::dlpack::dtype_code::Float},
    {{SPP_F16, "float16", 2}, NPY_FLOAT16, nb::dlpack::dtype_code::Float},
    {{SPP_BF16, "bfloat16", 2}, NPY_VOID, nb::dlpack::dtype_code::Bfloat},
    {{SPP_I8, "int8", 1}, NPY_INT8, nb::dlpack::dtype_code::Int},
    {{SPP_U8, "uint8", 1}, NPY_UINT8, nb::dlpack::dtype_code::UInt},
    {{SPP_I16, "int16", 2}, NPY_INT16, nb::dlpack::dtype_code::Int},
    {{SPP_I32, "int32", 4}, NPY_INT32, nb::dlpack::dtype_code::Int},
    {{SPP_U16, "uint16", 2}, NPY_UINT16, nb::dlpack::dtype_code::UInt},
};

constexpr const char *all_names =
    "float32, float64, float16, bfloat16, int8, uint8, int16, uint16 and int32";

nb::handle as_object(PyArray_Descr *description) {
  return reinterpret_cast<PyObject *>(description);
}

// The description that ml_dtypes registered; NULL without an exception if it cannot be imported.
PyArray_Descr *bfloat16_description() {
  static PyArray_Descr *known = nullptr;  // kept for good: types are never unregistered
  if (known != nullptr) return known;
  PyObject *module = PyImport_ImportModule("ml_dtypes");
  PyObject *type = module ? PyObject_GetAttrString(module, "bfloat16") : nullptr;
  if (type != nullptr) PyArray_DescrConverter(type, &known);
  Py_XDECREF(type);
  Py_XDECREF(module);
  PyErr_Clear();
  return known;
}

}  // namespace

const ElementType &any_element_type() { return rows[SPP_F32].type; }

const ElementType &element_type_of(PyArray_Descr *description, const std::string &name) {
  const int number = description->type_num;
  for (const Row &row : rows) {
    if (row.numpy != number || number == NPY_VOID) continue;
    if (PyArray_ISNBO(description->byteorder)) return row.type;
    raise_type_error(name + " has the element type " +
                     printed(as_object(description)) +
                     " in the byte order of another machine: .astype('" + row.type.name +
                     "') makes a copy in this one's");
  }
  if (PyTypeNum_ISUSERDEF(number)) {
    const PyArray_Descr *bfloat16 = bfloat16_description();
    if (bfloat16 != nullptr && bfloat16->type_num == number) return rows[SPP_BF16].type;
  }
  raise_type_error(name + " has the element type " +
                   printed(as_object(description)) + "; there are " +
                   all_names);
}

const ElementType &element_type_of(nb::dlpack::dtype type, const std::string &name) {
  for (const Row &row : rows) {
    if (static_cast<std::uint8_t>(row.code) == type.code && row.type.size * 8 == type.bits &&
        type.lanes == 1) {
      return row.type;
    }
  }
  raise_type_error(name + " has the element type DLPack code " + std::to_string(type.code) + ", " +
                   std::to_string(type.bits) + " bits; there are " + all_names);
}

const ElementType &element_type_named(const char *name) {
  for (const Row &row : rows) {
    if (std::strcmp(row.type.name, name) == 0) return row.type;
  }
  raise_type_error(std::string("the element type is ") + name + "; there are " + all_names);
}

PyArray_Descr *numpy_description(const ElementType &type) {
  const int number = rows[type.number].numpy;
  if (number != NPY_VOID) return PyArray_DescrFromType(number);
  PyArray_Descr *bfloat16 = bfloat16_description();
  if (bfloat16 == nullptr) {
    PyErr_SetString(PyExc_ImportError,
                    "NumPy gets the element type bfloat16 from the package ml_dtypes: "
                    "pip install ml_dtypes");
    throw nb::python_error();
  }
  Py_INCREF(bfloat16);
  return bfloat16;
}

const ElementType &element_type_for(nb::handle dtype) {
  PyArray_Descr *description = nullptr;
  if (PyArray_DescrConverter(dtype.ptr(), &description) != NPY_SUCCEED) throw nb::python_error();
  const nb::object owner = nb::steal(reinterpret_cast<PyObject *>(description));
  return element_type_of(description, "dtype");
}
