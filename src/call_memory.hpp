// The memory of one call: what a piece has on its stack, and the block for what does not fit there.
#pragma once

#include <atomic>
#include <cstdint>

#include "cache_lines.hpp"
#include "images.hpp"
#include "job.hpp"
#include "partition.hpp"
#include "pieces.hpp"

namespace spp {

// A piece's scratch on its thread's stack, beside accumulator_bytes.
constexpr std::int64_t cell_bytes = 32 << 10;  // sized for first-level caches
constexpr std::int64_t row_bytes = 24 << 10;
constexpr std::int64_t grid_stack_bytes = 8 << 10;

// Its cells where they pay for more than the stack should give: the 36 of [1,2,3,4] with pixels of
// 2 KiB, which are then read whole.
constexpr std::int64_t large_cell_bytes = 80 << 10;
constexpr std::int64_t large_cell_call_bytes = 128 << 10;

// What all pieces of a call share.
struct Call {
  const Pooling &pooling;
  const Images &images;
  const Output &output;
  std::int64_t element_size;
  int element_log2;
  std::int64_t position_size;  // of positions in scratch; 0: none are wanted
  std::int64_t bytes;
  std::int64_t threads;
  const Piece *pieces;
  Kernel kernel;
  std::atomic<std::int32_t> tier{SPP_TIER_AUTO};

  // Per piece, where the stack is too small:
  char *grids = nullptr;
  std::int64_t grid_stride = 0;
  char *rows = nullptr;
  std::int64_t row_stride = 0;
  char *piece_cells = nullptr;  // large_cell_bytes each
  // Per split map:
  char *cells = nullptr;
  std::int64_t cell_stride = 0;
  std::atomic<std::int64_t> *parts_left = nullptr;

  std::int64_t elements_in(std::int64_t size) const { return size >> element_log2; }
};

// Memory beyond the stacks, in one block; all of it is had before the first write.
class CallMemory {
 public:
  CallMemory(const Pooling &pooling, const Images &images, std::int64_t element_size,
             std::int64_t position_size, std::int64_t bytes, std::int64_t threads);

  std::int64_t pieces() const { return count_; }
  std::int64_t total() const;

  // Does a call need any of it?
  static bool is_needed(const Pooling &pooling, std::int64_t position_size, std::int64_t bytes,
                        std::int64_t threads) {
    return threads > 1 || !pooling.fits_stack || has_large_cells(pooling, bytes) ||
           (position_size != 0 && pooling.order == SPP_ORDER_CHANNELS_BINS);
  }

  // Lays the block out for the call.
  void place(char *memory, Call &call) const;

 private:
  static bool has_large_cells(const Pooling &pooling, std::int64_t bytes) {
    return pooling.has_many_readers && bytes >= large_cell_call_bytes;
  }
  std::int64_t pieces_bytes() const;
  std::int64_t most_cell_bytes(const Pooling &pooling, const Images &images, std::int64_t bytes,
                               std::int64_t threads) const;

  std::int64_t element_size_;
  std::int64_t position_size_;
  std::int64_t count_ = 0;
  std::int64_t splits_ = 0;
  std::int64_t grid_bytes_ = 0;
  std::int64_t row_bytes_ = 0;
  std::int64_t piece_cell_bytes_ = 0;
  std::int64_t cell_bytes_ = 0;
};

}  // namespace spp
