#include "positions.hpp"

#include <cinttypes>

#include "status.hpp"

namespace spp {
namespace {

template <class Index>
const Index *row_of(const Rows &positions, std::int64_t k) {
  return reinterpret_cast<const Index *>(positions.data) + k * positions.row_stride;
}

bool are_below(const GradientKernels &kernels, const std::int32_t *positions, std::int64_t count,
               std::int64_t end) {
  return kernels.are_below_32(positions, count, end);
}
bool are_below(const GradientKernels &kernels, const std::int64_t *positions, std::int64_t count,
               std::int64_t end) {
  return kernels.are_below_64(positions, count, end);
}

template <class Index>
bool is_valid(Index position, const Image &valid, std::int64_t width) {
  if (position < 0) return position == -1;
  return position / width < valid.height && position % width < valid.width;
}

template <class Index>
bool rows_are_valid(const GradientKernels &kernels, const Images &images, const Rows &positions, std::int64_t first,
                    std::int64_t last) {
  for (std::int64_t k = first; k < last; ++k) {
    const Image valid = images[k];
    const std::int64_t width = images.whole(k).width;
    const Index *row = row_of<Index>(positions, k);
    if (!are_below(kernels, row, positions.length, (valid.height - 1) * width + valid.width))
      return false;
    if (valid.width == width) continue;
    for (std::int64_t i = 0; i < positions.length; ++i)
      if (!is_valid(row[i], valid, width)) return false;
  }
  return true;
}

template <class Index>
spp_status refuse(const Images &images, const Rows &positions) {
  for (std::int64_t k = 0; k < images.count(); ++k) {
    const Image valid = images[k];
    const std::int64_t width = images.whole(k).width;
    const Index *row = row_of<Index>(positions, k);
    for (std::int64_t i = 0; i < positions.length; ++i)
      if (!is_valid(row[i], valid, width))
        return fail(SPP_ERROR_INVALID_ARGUMENT,
                    "argmax->data has %" PRId64 " in row %" PRId64 ", number %" PRId64
                    ": neither -1 nor a position in the %" PRId64 " x %" PRId64
                    " valid cells of map %" PRId64 ", whose width is %" PRId64,
                    static_cast<std::int64_t>(row[i]), k, i, valid.height, valid.width, k, width);
  }
  return fail(SPP_ERROR_INVALID_ARGUMENT, "argmax->data has changed during the call");
}

}  // namespace

bool positions_are_valid(const GradientKernels &kernels, const Images &images, const Rows &positions, bool wide, std::int64_t first,
                         std::int64_t last) {
  return wide ? rows_are_valid<std::int64_t>(kernels, images, positions, first, last)
              : rows_are_valid<std::int32_t>(kernels, images, positions, first, last);
}

spp_status refuse_positions(const Images &images, const Rows &positions, bool wide) {
  return wide ? refuse<std::int64_t>(images, positions) : refuse<std::int32_t>(images, positions);
}

}  // namespace spp
