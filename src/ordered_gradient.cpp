#include "ordered_gradient.hpp"

#include <algorithm>

#include "element.hpp"
#include "gradient_values.hpp"
#include "zero_fill.hpp"

namespace spp {
namespace {

// Half precision: the sums of so many bytes are made at a time, in float32.
constexpr std::int64_t sum_bytes = 64 << 10;
constexpr std::int64_t block_channels = 32;  // a cache line of half precision
constexpr std::int64_t block_bins = 1024;    // with more bins, sums for each channel on its own

template <class Number, class Index>
class Adder {
 public:
  using T = typename Number::Stored;
  using Word = typename Number::Word;
  using Sum = typename Number::Sum;

  explicit Adder(const GradientPart &part)
      : part_(part),
        image_(part.image),
        gradients_(reinterpret_cast<const T *>(part.gradients)),
        positions_(reinterpret_cast<const Index *>(part.positions)),
        data_(reinterpret_cast<T *>(part.data)),
        side_by_side_(image_.row_stride == image_.width * image_.column_stride) {}

  void run() {
    if constexpr (sizeof(T) == sizeof(Sum))
      add_in_place();
    else
      add_in_scratch();
  }

 private:
  static Sum read(T stored) { return Number::template read<Sum>(Word{stored}); }
  static T rounded(Sum sum) { return static_cast<T>(Number::template rounded<Word>(sum)); }

  // Calls visit(channel, position, gradient) for the bins of the channels [first, last) that have a
  // position, for each channel in the order level, bin row, bin column.
  template <class Visit>
  void for_bins(std::int64_t first, std::int64_t last, Visit visit) const {
    for (const Level &level : part_.pooling.levels) {
      const std::int64_t bins = std::int64_t{level.rows} * level.columns;
      const RowSteps step = row_steps(part_.pooling, level, part_.channels);
      const std::int64_t start = level.first_bin * part_.channels;
      const auto look = [&](std::int64_t bin, std::int64_t channel) {
        const std::int64_t place = start + bin * step.bin + channel * step.channel;
        const Index position = positions_[place];
        if (position >= 0) visit(channel, position, gradients_[place]);
      };
      if (step.channel == 1) {
        for (std::int64_t bin = 0; bin < bins; ++bin)
          for (std::int64_t channel = first; channel < last; ++channel) look(bin, channel);
      } else {
        for (std::int64_t channel = first; channel < last; ++channel)
          for (std::int64_t bin = 0; bin < bins; ++bin) look(bin, channel);
      }
    }
  }

  T &element(std::int64_t position, std::int64_t channel) const {
    std::int64_t place = position * image_.column_stride;
    if (!side_by_side_)
      place = position / image_.width * image_.row_stride +
              position % image_.width * image_.column_stride;
    return data_[place + channel * image_.channel_stride];
  }

  // Planes one by one, so that one is still in a cache when its bins are added.
  void add_in_place() {
    const std::int64_t block = image_.planes(part_.channels) ? 1 : part_.last - part_.first;
    for (std::int64_t c = part_.first; c < part_.last; c += block) {
      GradientPart some = part_;
      some.first = c;
      some.last = c + block;
      zero_fill(some, sizeof(T));
      for_bins(c, c + block, [&](std::int64_t channel, Index position, T gradient) {
        T &sum = element(position, channel);
        sum = rounded(read(sum) + read(gradient));
      });
    }
  }

  // All contributions to an element have to be in its sum before that is rounded: a run of cells at
  // a time, for a block of channels.
  void add_in_scratch() {
    Sum *const sums = reinterpret_cast<Sum *>(part_.scratch);
    const bool single = image_.planes(part_.channels) || part_.pooling.bins > block_bins;
    const std::int64_t block = single ? 1 : block_channels;
    const std::int64_t cells = image_.height * image_.width;
    const std::int64_t run =
        std::min(cells, part_.scratch_bytes / (block * static_cast<std::int64_t>(sizeof(Sum))));
    for (std::int64_t c = part_.first; c < part_.last; c += block) {
      const std::int64_t count = std::min(block, part_.last - c);
      for (std::int64_t first = 0; first < cells; first += run) {
        const std::int64_t size = std::min(run, cells - first);
        std::fill(sums, sums + size * count, Sum{0});
        for_bins(c, c + count, [&](std::int64_t channel, Index position, T gradient) {
          if (position < first || position >= first + size) return;
          Sum &sum = sums[(position - first) * count + channel - c];
          sum = sum + read(gradient);
        });
        for (std::int64_t cell = 0; cell < size; ++cell)
          for (std::int64_t k = 0; k < count; ++k)
            element(first + cell, c + k) = rounded(sums[cell * count + k]);
      }
    }
  }

  const GradientPart &part_;
  const Image &image_;
  const T *gradients_;
  const Index *positions_;
  T *data_;
  bool side_by_side_;  // a row begins where the one before ends
};

template <class Number>
void add(const GradientPart &part) {
  part.wide ? Adder<Number, std::int64_t>(part).run() : Adder<Number, std::int32_t>(part).run();
}

}  // namespace

void add_in_order(const GradientPart &part) {
  switch (part.pooling.element->id) {
    case SPP_F32:
      return add<FloatNumber>(part);
    case SPP_F64:
      return add<DoubleNumber>(part);
    case SPP_F16:
      return add<HalfNumber>(part);
    default:
      return add<BrainNumber>(part);
  }
}

std::int64_t ordered_scratch_bytes(const Pooling &pooling) {
  if (pooling.element->size != 2) return 0;
  // As many sums as there are bins, so that the bins are not looked at too often.
  const std::int64_t own = pooling.bins > block_bins ? pooling.bins * 4 : 0;
  return (std::max(sum_bytes, own) + 63) & -64;
}

}  // namespace spp
