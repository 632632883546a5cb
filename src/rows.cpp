#include "rows.hpp"

#include <cinttypes>

#include "status.hpp"

namespace spp {

spp_status read_rows(const Pooling &pooling, const Images &images, const GivenRows &given,
                     Rows &rows) {
  rows = {static_cast<const char *>(given.data), static_cast<const char *>(given.data), 0,
          given.row_stride};
  if (__builtin_mul_overflow(pooling.bins, images.channels(), &rows.length))
    return fail(SPP_ERROR_OVERFLOW,
                "the output length overflows 64 bits (%" PRId64 " bins, %" PRId64 " channels)",
                pooling.bins, images.channels());
  if (given.row_stride == 0) rows.row_stride = rows.length;
  if (rows.row_stride < rows.length)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "%s->row_stride is %" PRId64 ", less than the %" PRId64 " elements of a row",
                given.name, given.row_stride, rows.length);
  if (given.capacity < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->capacity is %" PRId64 ", which is negative",
                given.name, given.capacity);
  if (images.count() == 0) return SPP_OK;
  std::int64_t needed = 0;
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(images.count() - 1, rows.row_stride, &needed) ||
      __builtin_add_overflow(needed, rows.length, &needed) ||
      __builtin_mul_overflow(needed, static_cast<std::int64_t>(given.element_size), &bytes))
    return fail(SPP_ERROR_OVERFLOW,
                "%s->row_stride of %" PRId64 " times %" PRId64 " rows overflows 64 bits",
                given.name, rows.row_stride, images.count());
  if (given.data == nullptr)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->data is NULL", given.name);
  if (reinterpret_cast<std::uintptr_t>(given.data) % given.element_size != 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->data is %p, not aligned to its %zu-byte elements",
                given.name, given.data, given.element_size);
  if (given.capacity < needed)
    return fail(SPP_ERROR_OUTPUT_TOO_SMALL,
                "%s->capacity is %" PRId64 ", but %" PRId64 " rows need %" PRId64 " elements",
                given.name, given.capacity, images.count(), needed);
  rows.last = rows.data + bytes;
  return SPP_OK;
}

}  // namespace spp
