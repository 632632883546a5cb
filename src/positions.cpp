#include "positions.hpp"

#include <cinttypes>

#include "status.hpp"

namespace spp {
namespace {

template <class Index>
const Index *row_of(const Rows &positions, std::int64_t k) {
  return reinterpret_cast<const Index *>(positions.data) + k * positions.row_stride;
}

template <class Index>
bool is_valid(Index position, const Image &valid, std::int64_t width) {
  if (position < 0) return position == -1;
  return position / width < valid.height && position % width < valid.width;
}

template <class Index>
bool are_valid(const Index *row, std::int64_t length, const Image &valid, std::int64_t width) {
  for (std::int64_t i = 0; i < length; ++i)
    if (!is_valid(row[i], valid, width)) return false;
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

bool positions_are_valid(const GradientKernels &kernels, const Images &images,
                         const Positions &positions, std::int64_t first, std::int64_t last,
                         std::int32_t *narrow) {
  const Rows &rows = positions.rows;
  for (std::int64_t k = first; k < last; ++k) {
    const Image valid = images[k];
    const std::int64_t width = images.whole(k).width;
    const std::int64_t end = (valid.height - 1) * width + valid.width;
    const auto look = [&](const auto *row, bool are_below) {
      return are_below && (valid.width == width || are_valid(row, rows.length, valid, width));
    };
    if (positions.wide) {
      const auto *row = row_of<std::int64_t>(rows, k);
      if (narrow == nullptr
              ? !are_valid(row, rows.length, valid, width)
              : !look(row, kernels.narrow(row, rows.length, end, narrow + k * rows.length)))
        return false;
    } else {
      const auto *row = row_of<std::int32_t>(rows, k);
      if (!look(row, kernels.are_below(row, rows.length, end))) return false;
    }
  }
  return true;
}

spp_status refuse_positions(const Images &images, const Positions &positions) {
  return positions.wide ? refuse<std::int64_t>(images, positions.rows)
                        : refuse<std::int32_t>(images, positions.rows);
}

}  // namespace spp
