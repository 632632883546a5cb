#include "gradient_writer.hpp"

#include <algorithm>

#include "cache_lines.hpp"
#include "dispatch.hpp"
#include "element.hpp"
#include "fold_plan.hpp"
#include "ordered_gradient.hpp"

namespace spp {
namespace {

// Sized for second-level caches.
constexpr std::int64_t fold_bytes = 256 << 10;

// A call that writes as much as this goes past the caches, where a tier has stores that do.
constexpr std::int64_t stream_bytes = std::int64_t{24} << 20;

// Cuts scratch into arrays that begin on cache lines.
class Cutter {
 public:
  explicit Cutter(char *memory) : next_(memory) {}
  char *take(std::int64_t bytes) {
    char *const result = next_;
    next_ += round_up(bytes, line_bytes);
    return result;
  }

 private:
  char *next_;
};

// Numbers of a row in the order level, channel, bin, for some channels, as rows of bins.
template <class T>
void gather(const GradientPart &part, const char *row, T *to) {
  for (const Level &level : part.pooling.levels) {
    const RowSteps step = row_steps(part.pooling, level, part.channels);
    const T *const first = reinterpret_cast<const T *>(row) + level.first_bin * part.channels;
    for (std::int64_t bin = 0; bin < std::int64_t{level.rows} * level.columns; ++bin)
      for (std::int64_t c = part.first; c < part.last; ++c)
        *to++ = first[bin * step.bin + c * step.channel];
  }
}

void gather_gradients(const GradientPart &part, std::int64_t size, char *rows) {
  if (size == 2) return gather(part, part.gradients, reinterpret_cast<std::uint16_t *>(rows));
  if (size == 4) return gather(part, part.gradients, reinterpret_cast<std::uint32_t *>(rows));
  gather(part, part.gradients, reinterpret_cast<std::uint64_t *>(rows));
}

// The arrays of one channel: marks and sums of a row of finest bins, and a row that is gathered.
std::int64_t channel_bytes(const Pooling &pooling) {
  const auto size = static_cast<std::int64_t>(pooling.element->size);
  const auto finest = static_cast<std::size_t>(pooling.finest_first[0]);
  const std::int64_t gathered =
      pooling.order == SPP_ORDER_CHANNELS_BINS ? pooling.bins * (4 + size) : 0;
  return 2 * size * pooling.levels[finest].columns + gathered;
}

}  // namespace

GradientWriter::GradientWriter(const Pooling &pooling, std::int64_t call_bytes)
    : pooling_(pooling),
      call_bytes_(call_bytes),
      element_size_(static_cast<std::int64_t>(pooling.element->size)) {}

// In whole lines: as many as have their arrays in fold_bytes, but the last block of a map may have a
// line more.
std::int64_t GradientWriter::block_channels(const Pooling &pooling) {
  const auto size = static_cast<std::int64_t>(pooling.element->size);
  const std::int64_t unit = line_bytes / size;
  return fold_bytes / channel_bytes(pooling) / unit * unit - unit;
}

std::int64_t GradientWriter::scratch_bytes(const Pooling &pooling, std::int64_t channels) {
  const auto unit = line_bytes / static_cast<std::int64_t>(pooling.element->size);
  const std::int64_t most = std::min(channels, std::max(block_channels(pooling), unit) + unit);
  return std::max(round_up(most * channel_bytes(pooling), line_bytes) + 4 * line_bytes,
                  ordered_scratch_bytes(pooling));
}

void GradientWriter::write(const GradientPart &part) {
  if (!can_split(part)) return add_in_order(part);
  for (std::int64_t first = part.first; first < part.last;) {
    const GradientPart block = next_block(part, first);
    const Missed missed = write_winners(block, {0, part.image.height});
    if (missed.finest != 0 || missed.coarse != 0) add_in_order(block);
    first = block.last;
  }
}

Missed GradientWriter::write_rows(const GradientPart &part, Span rows) {
  Missed all{};
  for (std::int64_t first = part.first; first < part.last;) {
    const GradientPart block = next_block(part, first);
    const Missed missed = write_winners(block, rows);
    all.finest += missed.finest;
    all.coarse += missed.coarse;
    first = block.last;
  }
  return all;
}

// Channels from `first` on; a rest of less than a line goes with the block before it.
GradientPart GradientWriter::next_block(const GradientPart &part, std::int64_t first) const {
  GradientPart block = part;
  block.first = first;
  block.last = std::min(part.last, first + block_channels(pooling_));
  if (part.last - block.last < line_bytes / element_size_) block.last = part.last;
  return block;
}

bool GradientWriter::can_split(const GradientPart &part) {
  const Image &image = part.image;
  if (block_channels(pooling_) < line_bytes / element_size_) return false;
  if (part.wide || image.channel_stride != 1 ||
      (part.last - part.first) * element_size_ < line_bytes)
    return false;
  if (image.height > INT32_MAX / image.width) return false;
  if (part.valid_height != height_ || part.valid_width != width_) {
    height_ = part.valid_height;
    width_ = part.valid_width;
    has_plan_ = make_fold_plan(pooling_, height_, width_, plan_);
  }
  if (!has_plan_) return false;
  // Where marks have 16 bits they number the cells of a row of bins.
  for (std::int32_t i = 0; element_size_ == 2 && i < plan_.row_count; ++i)
    if ((plan_.rows[i].last - plan_.rows[i].first) * image.width > 0x10000) return false;
  return true;
}

Missed GradientWriter::write_winners(const GradientPart &part, Span rows) {
  const Image &image = part.image;
  const std::int64_t channels = part.last - part.first;
  const std::int64_t numbers = pooling_.bins * channels;
  const std::int64_t band_bytes = plan_.column_count * channels * element_size_;
  Cutter cutter(part.scratch);
  GradientJob job{};
  job.plan = &plan_;
  job.rows = rows;
  job.width = image.width;
  job.channels = channels;
  job.map = part.data + part.first * element_size_;
  job.row_stride = image.row_stride;
  job.column_stride = image.column_stride;
  job.stream = can_stream(part);
  job.marks = cutter.take(band_bytes);
  job.sums = cutter.take(band_bytes);
  if (pooling_.order == SPP_ORDER_CHANNELS_BINS) {
    auto *const own_positions = reinterpret_cast<std::int32_t *>(cutter.take(numbers * 4));
    char *const own_gradients = cutter.take(numbers * element_size_);
    gather(part, part.positions, own_positions);
    gather_gradients(part, element_size_, own_gradients);
    job.positions = own_positions;
    job.gradients = own_gradients;
    job.stride = channels;
  } else {
    job.positions = reinterpret_cast<const std::int32_t *>(part.positions) + part.first;
    job.gradients = part.gradients + part.first * element_size_;
    job.stride = part.channels;
  }
  return pooling_.tier->gradients->write[pooling_.element->id](job);
}

// Parts begin with whole lines of channels.
bool GradientWriter::can_stream(const GradientPart &part) const {
  const auto is_aligned = [&](std::int64_t elements) {
    return elements * element_size_ % line_bytes == 0;
  };
  return call_bytes_ >= stream_bytes && is_aligned(part.last - part.first) &&
         is_aligned(part.image.row_stride) && is_aligned(part.image.column_stride) &&
         reinterpret_cast<std::uintptr_t>(part.data) % line_bytes == 0;
}

}  // namespace spp
