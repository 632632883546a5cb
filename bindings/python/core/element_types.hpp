// The element types, as the library, NumPy and DLPack number them.
#ifndef LIBSPP_ELEMENT_TYPES_HPP
#define LIBSPP_ELEMENT_TYPES_HPP

#include <nanobind/ndarray.h>
#include <spp.h>

#include <cstdint>
#include <string>

#include "numpy_api.hpp"

struct ElementType {
  std::int32_t number;  // SPP_F32 ..., or SPP_INDEX_I64, SPP_INDEX_I32
  const char *name;     // NumPy's
  std::int64_t size;    // bytes
  int numpy;            // NPY_VOID: bfloat16, whose number ml_dtypes gets when it is imported
  nb::dlpack::dtype_code code;
};

// The types of maps and rows, those of gradients among them, and those of positions.
struct ElementTypes {
  const ElementType *begin, *end;
  const char *names;
};
extern const ElementTypes element_types;
extern const ElementTypes gradient_types;
extern const ElementTypes index_types;

constexpr int element_type_count = 9;

// Stands for any type where the type makes no difference.
const ElementType &any_element_type();

// Each raises TypeError, with a sentence that begins with `name`, for a type that is not among them.
const ElementType &element_type_of(PyArray_Descr *description, const ElementTypes &types,
                                   const std::string &name);
const ElementType &element_type_of(nb::dlpack::dtype dtype, const ElementTypes &types,
                                   const std::string &name);
const ElementType &element_type_named(const char *word, const ElementTypes &types,
                                      const std::string &name);

// NumPy's description of a type, a new reference.
PyArray_Descr *numpy_description(const ElementType &type);

// The type that whatever NumPy takes for a dtype stands for.
const ElementType &element_type_for(nb::handle dtype);

#endif
