#include "positions.hpp"

#include <algorithm>
#include <cinttypes>
#include <iterator>

#include "status.hpp"

namespace spp {
namespace {

constexpr std::int64_t most_narrow = std::int64_t{1} << 31;  // cells that std::int32_t numbers

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

// What is narrowed on the way is of no use.
bool wide_are_below(const GradientKernels &kernels, const std::int64_t *row, std::int64_t length,
                    std::int64_t end) {
  std::int32_t narrow[512];
  constexpr std::int64_t most = std::size(narrow);
  for (std::int64_t k = 0; k < length; k += most)
    if (!kernels.narrow(row + k, std::min(most, length - k), end, narrow)) return false;
  return true;
}

template <class Index>
spp_status refuse(const Images &images, const Rows &positions) {
  for (std::int64_t k = 0; k < images.count(); ++k) {
    const std::int64_t map = images.map_of(k);
    const Image valid = images.map(map);
    const std::int64_t width = images.whole(map).width;
    const Index *row = row_of<Index>(positions, k);
    for (std::int64_t i = 0; i < positions.length; ++i)
      if (!is_valid(row[i], valid, width))
        return fail(SPP_ERROR_INVALID_ARGUMENT,
                    "argmax->data has %" PRId64 " in row %" PRId64 ", number %" PRId64
                    ": neither -1 nor a position in the %" PRId64 " x %" PRId64
                    " valid cells of map %" PRId64 ", whose width is %" PRId64,
                    static_cast<std::int64_t>(row[i]), k, i, valid.height, valid.width, map, width);
  }
  return fail(SPP_ERROR_INVALID_ARGUMENT, "argmax->data has changed during the call");
}

}  // namespace

bool positions_are_valid(const GradientKernels &kernels, const Images &images,
                         const Positions &positions, std::int64_t first, std::int64_t last,
                         std::int32_t *narrow) {
  const Rows &rows = positions.rows;
  for (std::int64_t k = first; k < last; ++k) {
    const std::int64_t map = images.map_of(k);
    const Image valid = images.map(map);
    const std::int64_t width = images.whole(map).width;
    const std::int64_t end = (valid.height - 1) * width + valid.width;
    // Does a check against the end say it all?
    const bool sees_all = valid.width == width && end <= most_narrow;
    const auto look = [&](const auto *row, bool fits) {
      return fits && (sees_all || are_valid(row, rows.length, valid, width));
    };
    bool is_fine = false;
    if (positions.wide) {
      const auto *row = row_of<std::int64_t>(rows, k);
      if (narrow != nullptr)
        is_fine = look(row, kernels.narrow(row, rows.length, end, narrow + k * rows.length));
      else
        is_fine = look(row, !sees_all || wide_are_below(kernels, row, rows.length, end));
    } else {
      const auto *row = row_of<std::int32_t>(rows, k);
      is_fine = look(row, kernels.are_below(row, rows.length, end));
    }
    if (!is_fine) return false;
  }
  return true;
}

spp_status refuse_positions(const Images &images, const Positions &positions) {
  return positions.wide ? refuse<std::int64_t>(images, positions.rows)
                        : refuse<std::int32_t>(images, positions.rows);
}

}  // namespace spp
