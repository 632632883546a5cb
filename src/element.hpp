// The one table of element types.
#pragma once

#include <spp.h>

#include <cstddef>

namespace spp {

struct ElementType {
  std::int32_t id;   // SPP_F32 ...: also the row of every tier's KernelTable
  const char *name;  // in describe()
  std::size_t size;  // bytes; its alignment too
  int log2_size;
};

inline constexpr ElementType element_types[] = {
    {SPP_F32, "f32", 4, 2},
};

}  // namespace spp
