#include "element_types.hpp"

#include <cstring>
#include <iterator>

#include "errors.hpp"
#include "numbers.hpp"

namespace {

using Code = nb::dlpack::dtype_code;

// In the order of their numbers; those that have a gradient come first.
constexpr ElementType elements[] = {
    {SPP_F32, "float32", 4, NPY_FLOAT32, Code::Float},
    {SPP_F64, "float64", 8, NPY_FLOAT64, Code::Float},
    {SPP_F16, "float16", 2, NPY_FLOAT16, Code::Float},
    {SPP_BF16, "bfloat16", 2, NPY_VOID, Code::Bfloat},
    {SPP_I8, "int8", 1, NPY_INT8, Code::Int},
    {SPP_U8, "uint8", 1, NPY_UINT8, Code::UInt},
    {SPP_I16, "int16", 2, NPY_INT16, Code::Int},
    {SPP_I32, "int32", 4, NPY_INT32, Code::Int},
    {SPP_U16, "uint16", 2, NPY_UINT16, Code::UInt},
};
static_assert(std::size(elements) == element_type_count);
constexpr int gradient_type_count = 4;

constexpr ElementType indices[] = {
    {SPP_INDEX_I64, "int64", 8, NPY_INT64, Code::Int},
    {SPP_INDEX_I32, "int32", 4, NPY_INT32, Code::Int},
};

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

bool has_number(const ElementType &type, int number) {
  if (type.numpy != NPY_VOID) return type.numpy == number;
  if (!PyTypeNum_ISUSERDEF(number)) return false;
  const PyArray_Descr *bfloat16 = bfloat16_description();
  return bfloat16 != nullptr && bfloat16->type_num == number;
}

}  // namespace

const ElementTypes element_types = {
    std::begin(elements), std::end(elements),
    "float32, float64, float16, bfloat16, int8, uint8, int16, uint16 and int32"};
const ElementTypes gradient_types = {std::begin(elements),
                                     std::begin(elements) + gradient_type_count,
                                     "float32, float64, float16 and bfloat16"};
const ElementTypes index_types = {std::begin(indices), std::end(indices), "int64 and int32"};

const ElementType &any_element_type() { return elements[SPP_F32]; }

const ElementType &element_type_of(PyArray_Descr *description, const ElementTypes &types,
                                   const std::string &name) {
  for (const ElementType *type = types.begin; type != types.end; ++type) {
    if (!has_number(*type, description->type_num)) continue;
    if (PyArray_ISNBO(description->byteorder)) return *type;
    raise_type_error(name + " has the element type " + printed(as_object(description)) +
                     " in the byte order of another machine: .astype('" + type->name +
                     "') makes a copy in this one's");
  }
  raise_type_error(name + " has the element type " + printed(as_object(description)) +
                   "; there are " + types.names);
}

const ElementType &element_type_of(nb::dlpack::dtype dtype, const ElementTypes &types,
                                   const std::string &name) {
  for (const ElementType *type = types.begin; type != types.end; ++type) {
    if (static_cast<std::uint8_t>(type->code) == dtype.code && type->size * 8 == dtype.bits &&
        dtype.lanes == 1) {
      return *type;
    }
  }
  raise_type_error(name + " has the element type DLPack code " + std::to_string(dtype.code) + ", " +
                   std::to_string(dtype.bits) + " bits; there are " + types.names);
}

const ElementType &element_type_named(const char *word, const ElementTypes &types,
                                      const std::string &name) {
  for (const ElementType *type = types.begin; type != types.end; ++type) {
    if (std::strcmp(type->name, word) == 0) return *type;
  }
  raise_type_error(name + " has the element type " + word + "; there are " + types.names);
}

PyArray_Descr *numpy_description(const ElementType &type) {
  if (type.numpy != NPY_VOID) return PyArray_DescrFromType(type.numpy);
  PyArray_Descr *bfloat16 = bfloat16_description();
  if (bfloat16 == nullptr) {
    PyErr_SetString(PyExc_ImportError,
                    "NumPy gets the element type bfloat16 from the package ml_dtypes: "
                    "pip install ml_dtypes");
    throw nb::python_error();
  }
  as_object(bfloat16).inc_ref();
  return bfloat16;
}

const ElementType &element_type_for(nb::handle dtype) {
  PyArray_Descr *description = nullptr;
  if (PyArray_DescrConverter(dtype.ptr(), &description) != NPY_SUCCEED) throw nb::python_error();
  const nb::object owner = nb::steal(as_object(description));
  return element_type_of(description, element_types, "dtype");
}
