#include "call_memory.hpp"

#include <algorithm>
#include <new>

#include "element.hpp"
#include "grid.hpp"

namespace spp {

bool fits_stack(const Pooling &pooling) {
  return static_cast<std::int64_t>(grid_bytes(pooling, {})) <= grid_stack_bytes &&
         (pooling.order != SPP_ORDER_CHANNELS_BINS || pooling.bins * line_bytes <= row_bytes);
}

CallMemory::CallMemory(const Pooling &pooling, const Images &images, std::int64_t element_size,
                       std::int64_t position_size, std::int64_t bytes, std::int64_t threads)
    : element_size_(element_size), position_size_(position_size) {
  count_ = cut_pieces(images, element_size, threads, nullptr, splits_);
  grid_bytes_ = round_up(
      static_cast<std::int64_t>(grid_bytes(
          pooling, splits_ != 0 ? Cuts{most_parts(threads), most_parts(threads)} : Cuts{})),
      line_bytes);
  if (grid_bytes_ <= grid_stack_bytes) grid_bytes_ = 0;
  const std::int64_t line_row =
      pooling.bins * (line_bytes + line_bytes / element_size * position_size);
  if (pooling.order == SPP_ORDER_CHANNELS_BINS && line_row > row_bytes) row_bytes_ = line_row;
  if (has_large_cells(pooling, bytes)) piece_cell_bytes_ = large_cell_bytes;
  if (splits_ != 0) cell_bytes_ = most_cell_bytes(pooling, images, bytes, threads);
}

// INT64_MAX, which nobody has, if it overflows.
std::int64_t CallMemory::total() const {
  const std::int64_t pieces =
      pieces_bytes() + count_ * (grid_bytes_ + row_bytes_ + piece_cell_bytes_) +
      round_up(splits_ * static_cast<std::int64_t>(sizeof(std::atomic<std::int64_t>)), line_bytes);
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(splits_, cell_bytes_, &bytes) ||
      __builtin_add_overflow(bytes, pieces, &bytes))
    return INT64_MAX;
  return bytes;
}

void CallMemory::place(char *memory, Call &call) const {
  Piece *pieces = reinterpret_cast<Piece *>(memory);
  std::int64_t splits = 0;
  cut_pieces(call.images, element_size_, call.threads, pieces, splits);
  call.pieces = pieces;
  memory += pieces_bytes();
  call.grids = grid_bytes_ != 0 ? memory : nullptr;
  call.grid_stride = grid_bytes_;
  memory += count_ * grid_bytes_;
  call.rows = row_bytes_ != 0 ? memory : nullptr;
  call.row_stride = row_bytes_;
  memory += count_ * row_bytes_;
  call.piece_cells = piece_cell_bytes_ != 0 ? memory : nullptr;
  memory += count_ * piece_cell_bytes_;
  call.cells = memory;
  call.cell_stride = cell_bytes_;
  memory += splits_ * cell_bytes_;
  call.parts_left = reinterpret_cast<std::atomic<std::int64_t> *>(memory);
  for (std::int64_t i = 0; i < count_; ++i)
    if (pieces[i].parts > 1 && pieces[i].part == 0)
      new (&call.parts_left[pieces[i].split]) std::atomic<std::int64_t>(pieces[i].parts);
}

std::int64_t CallMemory::pieces_bytes() const {
  return round_up(count_ * static_cast<std::int64_t>(sizeof(Piece)), line_bytes);
}

// An upper bound for the cells of any split map.
std::int64_t CallMemory::most_cell_bytes(const Pooling &pooling, const Images &images,
                                         std::int64_t bytes, std::int64_t threads) const {
  std::int64_t most = 0;
  const std::int64_t lines = round_up(images.channels() * element_size_, line_bytes);
  const std::int64_t each = lines + lines / element_size_ * position_size_;
  for (std::int64_t k = 0; k < images.count(); ++k) {
    const Image image = images[k];
    const Split split = split_image(image, images.channels(), element_size_, bytes, threads);
    if (split.parts == 1 || split.axis == SplitAxis::channels) continue;
    const Cuts cuts = split.cuts();
    const std::int64_t rows = std::min(image.height, 2 * pooling.row_sides + cuts.rows + 1);
    const std::int64_t columns = std::min(image.width, 2 * pooling.column_sides + cuts.columns + 1);
    std::int64_t cells = 0;
    if (__builtin_mul_overflow(rows, columns, &cells) ||
        __builtin_mul_overflow(cells, each, &cells))
      return INT64_MAX;
    most = std::max(most, cells);
    if (images.same_size()) break;
  }
  return most;
}

}  // namespace spp
