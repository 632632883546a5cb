// The one table of element types.
#pragma once

#include <spp.h>

#include <cstddef>

#include "job.hpp"

namespace spp {

enum class NumberKind { ieee_float, bfloat, signed_integer, unsigned_integer };

struct ElementType {
  std::int32_t id;   // SPP_F32 ...: also the row of every tier's KernelTable
  const char *name;  // in describe()
  std::size_t size;  // bytes; its alignment too
  int log2_size;
  NumberKind kind;
};

inline constexpr ElementType element_types[element_type_count] = {
    {SPP_F32, "f32", 4, 2, NumberKind::ieee_float},
    {SPP_F64, "f64", 8, 3, NumberKind::ieee_float},
    {SPP_F16, "f16", 2, 1, NumberKind::ieee_float},
    {SPP_BF16, "bf16", 2, 1, NumberKind::bfloat},
    {SPP_I8, "i8", 1, 0, NumberKind::signed_integer},
    {SPP_U8, "u8", 1, 0, NumberKind::unsigned_integer},
    {SPP_I16, "i16", 2, 1, NumberKind::signed_integer},
    {SPP_I32, "i32", 4, 2, NumberKind::signed_integer},
    {SPP_U16, "u16", 2, 1, NumberKind::unsigned_integer},
};

}  // namespace spp
