#pragma once

#include <spp.h>

#include <cstddef>
#include <cstdint>

// An element type that NumPy and the library share.  bfloat16 is not NumPy's own.
struct NpyType {
  const char *descr;  // in the header of a file: little endian
  const char *name;   // NumPy's
  int32_t element_type;
  size_t bytes;
};

inline constexpr NpyType npy_types[] = {
    {"<f4", "float32", SPP_F32, 4}, {"<f8", "float64", SPP_F64, 8}, {"<f2", "float16", SPP_F16, 2},
    {"|i1", "int8", SPP_I8, 1},     {"|u1", "uint8", SPP_U8, 1},    {"<i2", "int16", SPP_I16, 2},
    {"<u2", "uint16", SPP_U16, 2},  {"<i4", "int32", SPP_I32, 4},
};
