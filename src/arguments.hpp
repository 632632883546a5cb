// Reading the structs that a caller of the C ABI fills.
#pragma once

#include <spp.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "status.hpp"

namespace spp {

// The smallest struct_size of each struct: that of the first version.  A field that is added later
// goes behind these and reads as zero for an older caller.
template <class Struct>
inline constexpr std::size_t first_size = sizeof(Struct);

// Bounds how far a struct_size that was never set can make the library read.
inline constexpr std::size_t most_struct_bytes = 4096;

// Checks struct_size and copies what the caller has into `known`; what an older caller does not have
// reads as zero, and what a newer one has beyond this version must be zero.
template <class Struct>
spp_status read_struct(const char *name, const Struct *given, Struct &known) {
  if (given == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "%s is NULL", name);
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size < first_size<Struct>)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->struct_size is %zu; it is at least %zu", name,
                size, first_size<Struct>);
  if (size > most_struct_bytes)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->struct_size is %zu, more than any struct has",
                name, size);
  const unsigned char *bytes = reinterpret_cast<const unsigned char *>(given);
  for (std::size_t k = sizeof(Struct); k < size; ++k)
    if (bytes[k] != 0)
      return fail(SPP_ERROR_UNSUPPORTED,
                  "%s has a value at byte %zu, which this version (%zu bytes) does not know", name,
                  k, sizeof(Struct));
  known = Struct{};
  std::memcpy(&known, given, std::min(size, sizeof(Struct)));
  return SPP_OK;
}

}  // namespace spp
