#include "rows.hpp"

#include <cinttypes>

#include "arguments.hpp"
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

spp_status read_positions(const Pooling &pooling, const Images &images, const spp_argmax *given,
                          Rows &rows, std::int64_t &index_size) {
  spp_argmax known;
  SPP_RETURN_IF_FAILED(read_struct("argmax", given, known));
  if (known.index_type != SPP_INDEX_I64 && known.index_type != SPP_INDEX_I32)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "argmax->index_type is %d, which is not one of its values",
                static_cast<int>(known.index_type));
  if (known.reserved != 0)
    return fail(SPP_ERROR_UNSUPPORTED, "argmax->reserved is %d; this version takes only 0",
                static_cast<int>(known.reserved));
  index_size = known.index_type == SPP_INDEX_I32 ? 4 : 8;
  const std::int64_t wide = images.first_of_wide_positions();
  if (index_size == 4 && wide >= 0) {
    const Image image = images.whole(wide);
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "argmax->index_type is SPP_INDEX_I32, but map %" PRId64 " is %" PRId64 " x %" PRId64
                ", more than 2^31 cells",
                wide, image.height, image.width);
  }
  return read_rows(pooling, images,
                   {"argmax", known.data, known.capacity, known.row_stride,
                    static_cast<std::size_t>(index_size)},
                   rows);
}

spp_status check_apart(const Images &images, const char *maps, const char *name, const Rows &rows) {
  const auto first_row = reinterpret_cast<std::uintptr_t>(rows.data);
  const auto last_row = reinterpret_cast<std::uintptr_t>(rows.last);
  if (first_row == last_row) return SPP_OK;  // no rows
  for (std::int64_t k = 0; k < images.map_count(); ++k) {
    std::uintptr_t first = 0;
    std::uintptr_t last = 0;
    images.extent(k, first, last);
    if (first < last_row && first_row < last)
      return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->data at %p overlaps %s %" PRId64 " at %p", name,
                  reinterpret_cast<void *>(first_row), maps, k, reinterpret_cast<void *>(first));
  }
  return SPP_OK;
}

}  // namespace spp
