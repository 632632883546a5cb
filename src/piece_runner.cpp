#include "piece_runner.hpp"

#include <algorithm>
#include <atomic>

#include "call_memory.hpp"
#include "grid.hpp"
#include "job.hpp"
#include "partition.hpp"
#include "reorder.hpp"

namespace spp {
namespace {

// Channels are cut in blocks of whole cache lines, and of 512 bytes where there is a choice: a
// shorter run of addresses is read far below the speed of memory.
constexpr std::int64_t block_bytes = 512;

// From here on a map is read in the order of addresses: it does not stay in a second-level cache of
// 1 MiB or more, and a batch beyond this does not stay in a third-level one.
constexpr std::int64_t stream_image_bytes = std::int64_t{1} << 20;
constexpr std::int64_t stream_call_bytes = std::int64_t{24} << 20;

// Also from the second-level cache, where a pixel fits the registers: a row is then one run of
// addresses and costs its accumulators one load and one store per segment.  Not if pixels begin
// within lines of memory: see lines.hpp.
constexpr std::int64_t stream_pixel_bytes = 512;
constexpr std::int64_t stream_small_image_bytes = std::int64_t{256} << 10;

class PieceRunner {
 public:
  PieceRunner(Call &call, std::int64_t index) : call_(call), index_(index) {
    const Pooling &pooling = call.pooling;
    job_.cells = piece_cells();
    job_.accumulators = accumulators_;
    job_.empty_zero = pooling.empty_policy == SPP_EMPTY_ZERO;
  }

  void run() {
    const Piece &piece = call_.pieces[index_];
    if (piece.parts == 1) {
      for (std::int64_t k = piece.first_image; k < piece.last_image; ++k) run_image(k);
    } else {
      run_part(piece);
    }
  }

 private:
  void run_image(std::int64_t k) {
    const Image image = call_.images[k];
    if (k == call_.pieces[index_].first_image || !call_.images.same_size()) {
      Arena arena = grid_arena();
      grid_ = make_grid(call_.pooling, image.height, image.width, {}, cell_room(), arena);
    }
    run_channels(k, image, 0, call_.images.channels());
  }

  // All passes for the channels [first, last) of a map.
  void run_channels(std::int64_t k, const Image &image, std::int64_t first, std::int64_t last) {
    std::int64_t block = last - first;
    if (grid_.cells != 0) block = std::min(block, block_of(piece_cell_bytes(), grid_.cells));
    if (transposes()) block = std::min(block, row_block());
    for (std::int64_t c = first; c < last; c += block) {
      aim(k, image, c, std::min(block, last - c));
      job_.cell_stride = in_whole_lines(job_.channels);
      place_cell_positions();
      job_.first_pass = 0;
      job_.last_pass = grid_.pass_count;
      call_.tier.store(call_.kernel(job_), std::memory_order_relaxed);
      if (transposes()) transpose(k, c);
    }
  }

  // Points the job at channels [c, c + channels) of map k and at where their bins go.
  void aim(std::int64_t k, const Image &image, std::int64_t c, std::int64_t channels) {
    job_.grid = &grid_;
    job_.map = image.data + c * image.channel_stride * call_.element_size;
    job_.row_stride = image.row_stride;
    job_.column_stride = image.column_stride;
    job_.channel_stride = image.channel_stride;
    job_.planes = image.planes(call_.images.channels());
    job_.channels = channels;
    job_.target_rows = job_.target_columns = {0, INT64_MAX};
    job_.stream = streams(image);
    job_.map_width = image.map_width;
    if (transposes()) {
      job_.bins = row();
      job_.bin_stride = in_whole_lines(channels);
      job_.bin_positions = row() + call_.pooling.bins * job_.bin_stride * call_.element_size;
      job_.wide_bin_positions = call_.position_size == 8;
    } else {
      job_.bins = output_row(k) + c * call_.element_size;
      job_.bin_stride = call_.images.channels();
      job_.bin_positions = position_row(k) + c * call_.output.position_size;
      job_.wide_bin_positions = call_.output.position_size == 8;
    }
  }

  // Behind the cells.
  void place_cell_positions() {
    job_.cell_positions =
        static_cast<char *>(job_.cells) + grid_.cells * job_.cell_stride * call_.element_size;
    job_.wide_cell_positions = call_.position_size == 8;
  }

  bool streams(const Image &image) const {
    const Pass &pass = grid_.passes[0];
    if (pass.column_count * block_bytes > accumulator_bytes) return false;
    const std::int64_t pixel_bytes = call_.images.channels() * call_.element_size;
    return image.height * image.width * pixel_bytes >
               (pixel_bytes <= stream_pixel_bytes &&
                        reinterpret_cast<std::uintptr_t>(image.data) % line_bytes == 0
                    ? stream_small_image_bytes
                    : stream_image_bytes) ||
           call_.bytes > stream_call_bytes;
  }

  // One part of a split map: by channels a whole pooling of them, else some of the cells, and the
  // part that ends last merges the cells.
  void run_part(const Piece &piece) {
    const std::int64_t k = piece.first_image;
    const Image image = call_.images[k];
    const std::int64_t channels = call_.images.channels();
    const Split split =
        split_image(image, channels, call_.element_size, call_.bytes, call_.threads);
    Arena arena = grid_arena();
    grid_ = make_grid(call_.pooling, image.height, image.width, split.cuts(), cell_room(), arena);
    if (split.axis == SplitAxis::channels) {
      const std::int64_t unit = call_.elements_in(line_bytes);
      const std::int64_t units = (channels + unit - 1) / unit;
      run_channels(k, image, part_start(units, piece.parts, piece.part) * unit,
                   std::min(channels, part_start(units, piece.parts, piece.part + 1) * unit));
      return;
    }
    aim(k, image, 0, channels);
    job_.cells = call_.cells + piece.split * call_.cell_stride;
    job_.cell_stride = in_whole_lines(channels);
    place_cell_positions();
    job_.first_pass = 0;
    job_.last_pass = 1;
    limit_to_part(piece, split, image);
    call_.tier.store(call_.kernel(job_), std::memory_order_relaxed);
    if (call_.parts_left[piece.split].fetch_sub(1, std::memory_order_acq_rel) == 1)
      merge_parts(k, image);
  }

  // The cells of the first pass that lie in this part: the part's ends are among their edges.
  void limit_to_part(const Piece &piece, const Split &split, const Image &image) {
    const bool by_rows = split.axis == SplitAxis::rows;
    const std::int64_t length = by_rows ? image.height : image.width;
    const std::int64_t first = part_start(length, piece.parts, piece.part);
    const std::int64_t last = part_start(length, piece.parts, piece.part + 1);
    const Pass &pass = grid_.passes[0];
    const Span *cells = by_rows ? pass.rows : pass.columns;
    const std::int64_t count = by_rows ? pass.row_count : pass.column_count;
    const auto index = [&](std::int64_t edge) {
      return std::lower_bound(cells, cells + count, edge,
                              [](Span span, std::int64_t value) { return span.first < value; }) -
             cells;
    };
    (by_rows ? job_.target_rows : job_.target_columns) = {index(first), index(last)};
  }

  void merge_parts(std::int64_t k, const Image &image) {
    const std::int64_t channels = call_.images.channels();
    const std::int64_t block = transposes() ? std::min(row_block(), channels) : channels;
    char *cells = static_cast<char *>(job_.cells);
    char *cell_positions = static_cast<char *>(job_.cell_positions);
    for (std::int64_t c = 0; c < channels; c += block) {
      const std::int64_t cell_stride = job_.cell_stride;
      aim(k, image, c, std::min(block, channels - c));
      job_.cells = cells + c * call_.element_size;
      job_.cell_positions = cell_positions + c * call_.position_size;
      job_.cell_stride = cell_stride;
      job_.first_pass = 1;
      job_.last_pass = grid_.pass_count;
      call_.kernel(job_);
      if (transposes()) transpose(k, c);
    }
  }

  // ------------------------------------------------------------------------ SPP_ORDER_CHANNELS_BINS

  bool transposes() const { return call_.pooling.order == SPP_ORDER_CHANNELS_BINS; }

  char *row() { return call_.rows != nullptr ? call_.rows + index_ * call_.row_stride : row_; }

  std::int64_t row_block() const {
    const std::int64_t bytes = call_.rows != nullptr ? call_.row_stride : row_bytes;
    return block_of(bytes, call_.pooling.bins);
  }

  // Channels from c on.
  void transpose(std::int64_t k, std::int64_t c) {
    switch (call_.element_size) {
      case 1:
        reorder_to<std::uint8_t, std::uint8_t>(c, row(), output_row(k));
        break;
      case 2:
        reorder_to<std::uint16_t, std::uint16_t>(c, row(), output_row(k));
        break;
      case 4:
        reorder_to<std::uint32_t, std::uint32_t>(c, row(), output_row(k));
        break;
      default:
        reorder_to<std::uint64_t, std::uint64_t>(c, row(), output_row(k));
    }
    if (call_.position_size == 0) return;
    const void *const positions = job_.bin_positions;
    char *const target = position_row(k);
    if (call_.output.position_size == 4)
      reorder_to<std::int32_t, std::int32_t>(c, positions, target);
    else if (call_.position_size == 4)
      reorder_to<std::int32_t, std::int64_t>(c, positions, target);
    else
      reorder_to<std::int64_t, std::int64_t>(c, positions, target);
  }

  template <class From, class To>
  void reorder_to(std::int64_t c, const void *from, char *to) {
    reorder(call_.pooling, call_.images.channels(), c, job_.channels,
            static_cast<const From *>(from), job_.bin_stride, reinterpret_cast<To *>(to));
  }

  // ------------------------------------------------------------------------------------------ sizes

  char *output_row(std::int64_t k) const {
    const Rows &rows = call_.output.rows;
    return rows.written() + k * rows.row_stride * call_.element_size;
  }
  char *position_row(std::int64_t k) const {
    const Rows &positions = call_.output.positions;
    return positions.written() + k * positions.row_stride * call_.output.position_size;
  }

  Arena grid_arena() {
    if (call_.grids == nullptr) return {grid_memory_, sizeof grid_memory_};
    return {call_.grids + index_ * call_.grid_stride, static_cast<std::size_t>(call_.grid_stride)};
  }

  // Channels in a block of which `results` results each fit `bytes`; whole lines, at least one.
  std::int64_t block_of(std::int64_t bytes, std::int64_t results) const {
    const std::int64_t each = values_of(bytes / results);
    const std::int64_t unit = each >= block_bytes ? block_bytes : line_bytes;
    return call_.elements_in(std::max(each / unit * unit, line_bytes));
  }

  char *piece_cells() {
    return call_.piece_cells == nullptr ? cells_ : call_.piece_cells + index_ * large_cell_bytes;
  }
  std::int64_t piece_cell_bytes() const {
    return call_.piece_cells == nullptr ? cell_bytes : large_cell_bytes;
  }

  CellRoom cell_room() const {
    const std::int64_t each = in_whole_lines(call_.images.channels()) * call_.element_size;
    const std::int64_t block = std::min(each, block_bytes);
    return {piece_cell_bytes(), block + call_.elements_in(block) * call_.position_size};
  }

  // The bytes of values among those of values and positions.
  std::int64_t values_of(std::int64_t bytes) const {
    if (call_.position_size == 0) return bytes;
    return bytes / (call_.element_size + call_.position_size) * call_.element_size;
  }

  std::int64_t in_whole_lines(std::int64_t channels) const {
    const std::int64_t unit = call_.elements_in(line_bytes);
    return (channels + unit - 1) & -unit;
  }

  Call &call_;
  const std::int64_t index_;
  Grid grid_{};
  Job job_{};
  alignas(64) char accumulators_[accumulator_bytes];
  alignas(64) char cells_[cell_bytes];
  alignas(64) char row_[row_bytes];
  alignas(64) char grid_memory_[grid_stack_bytes];
};

}  // namespace

void run_piece(Call &call, std::int64_t index) { PieceRunner(call, index).run(); }

}  // namespace spp
