#include "ordered_gradient.hpp"

#include <algorithm>
#include <type_traits>

#include "cache_lines.hpp"
#include "dispatch.hpp"
#include "element.hpp"
#include "gradient_values.hpp"
#include "zero_fill.hpp"

namespace spp {
namespace {

// Half precision: the sums of so many bytes are made at a time, in float32.
constexpr std::int64_t sum_bytes = 64 << 10;
constexpr std::int64_t block_channels = 32;  // a cache line of half precision
constexpr std::int64_t block_bins = 1024;    // with more bins, sums for each channel on its own
// Where a map has many rows: of a piece, and of all pieces.
constexpr std::int64_t most_sum_bytes = 4 << 20;
constexpr std::int64_t most_sum_bytes_in_all = 64 << 20;

constexpr std::int64_t cache_bytes = 512 << 10;  // a part of second-level caches

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

  // Whole pixels are added with the tier's scatter, if it has one.
  Scatter *find_scatter() const {
    constexpr std::int64_t most_places = std::int64_t{1} << 31;
    if (!std::is_same_v<Number, FloatNumber> || part_.pooling.order != SPP_ORDER_BINS_CHANNELS ||
        image_.channel_stride != 1 || !side_by_side_ ||
        image_.column_stride > most_places / image_.height / image_.width)
      return nullptr;
    return part_.pooling.tier->gradients->scatter[sizeof(Index) / 4 - 1];
  }

  // Calls visit(positions, gradients) for each row of the map.
  template <class Visit>
  void for_rows(Visit visit) const {
    const RowsOfMap &rows = part_.rows;
    for (std::int64_t k = 0; k < rows.count; ++k)
      visit(positions_ + rows.indices[k] * rows.position_stride,
            gradients_ + rows.indices[k] * rows.gradient_stride);
  }

  void scatter_bins(std::int64_t first, std::int64_t last, Scatter *scatter) const {
    // In the order of addresses 2 KiB; of blocks of channels, which no prefetcher follows, some bins.
    const std::int64_t ahead = last - first == part_.channels ? 512 : 4 * part_.channels;
    for_rows([&](const Index *positions, const T *gradients) {
      for (std::int64_t bin = 0; bin < part_.pooling.bins; ++bin) {
        const std::int64_t place = bin * part_.channels + first;
        scatter(positions + place, reinterpret_cast<const float *>(gradients + place), last - first,
                static_cast<std::int32_t>(image_.column_stride), ahead,
                reinterpret_cast<float *>(data_ + first));
      }
    });
  }

  // Calls visit(channel, position, gradient) for the bins of the channels [first, last) that have a
  // position, for each channel in the order row, level, bin row, bin column.
  template <class Visit>
  void for_bins(std::int64_t first, std::int64_t last, Visit visit) const {
    for_rows([&](const Index *positions, const T *gradients) {
      for (const Level &level : part_.pooling.levels) {
        const std::int64_t bins = std::int64_t{level.rows} * level.columns;
        const RowSteps step = row_steps(part_.pooling, level, part_.channels);
        const std::int64_t start = level.first_bin * part_.channels;
        const auto look = [&](std::int64_t bin, std::int64_t channel) {
          const std::int64_t place = start + bin * step.bin + channel * step.channel;
          if (positions[place] >= 0) visit(channel, positions[place], gradients[place]);
        };
        if (step.channel == 1) {
          for (std::int64_t bin = 0; bin < bins; ++bin)
            for (std::int64_t channel = first; channel < last; ++channel) look(bin, channel);
        } else {
          for (std::int64_t channel = first; channel < last; ++channel)
            for (std::int64_t bin = 0; bin < bins; ++bin) look(bin, channel);
        }
      }
    });
  }

  T &element(std::int64_t position, std::int64_t channel) const {
    std::int64_t place = position * image_.column_stride;
    if (!side_by_side_)
      place = position / image_.width * image_.row_stride +
              position % image_.width * image_.column_stride;
    return data_[place + channel * image_.channel_stride];
  }

  // Planes one by one, and whole pixels where they get but one row, so that what a row is added to is
  // still in a cache; otherwise as many channels of the map as a cache holds.
  std::int64_t block_of_channels() const {
    if (image_.planes(part_.channels)) return 1;
    if (part_.rows.count <= 1) return part_.last - part_.first;
    constexpr std::int64_t unit = line_bytes / std::int64_t{sizeof(T)};
    const std::int64_t fitting =
        cache_bytes / (image_.height * image_.width * std::int64_t{sizeof(T)});
    return std::max(unit, fitting / unit * unit);
  }

  void add_in_place() {
    const std::int64_t block = block_of_channels();
    Scatter *const scatter = find_scatter();
    for (std::int64_t c = part_.first; c < part_.last; c += block) {
      GradientPart some = part_;
      some.first = c;
      some.last = std::min(c + block, part_.last);
      zero_fill(some, sizeof(T));
      if (scatter != nullptr)
        scatter_bins(c, some.last, scatter);
      else
        for_bins(c, some.last, [&](std::int64_t channel, Index position, T gradient) {
          T &sum = element(position, channel);
          sum = rounded(read(sum) + read(gradient));
        });
    }
  }

  // All contributions to an element have to be in its sum before that is rounded: a run of cells at
  // a time, for a block of channels.  Only cells that a bin names are looked at.
  void add_in_scratch() {
    zero_fill(part_, sizeof(T));
    if (part_.rows.count == 0) return;
    const bool single =
        image_.planes(part_.channels) || (part_.rows.count == 1 && part_.pooling.bins > block_bins);
    const std::int64_t block = single ? 1 : std::min(block_channels, part_.last - part_.first);
    const std::int64_t cells = image_.height * image_.width;
    const std::int64_t run =
        std::min(cells, part_.scratch_bytes / (block * static_cast<std::int64_t>(sizeof(Sum))));
    Sum *const sums = reinterpret_cast<Sum *>(part_.scratch);
    std::fill(sums, sums + block * run, Sum{0});
    for (std::int64_t c = part_.first; c < part_.last; c += block) {
      const std::int64_t last = std::min(c + block, part_.last);
      for (std::int64_t first = 0; first < cells; first += run) {
        // Calls visit(sum, element, gradient).
        const auto for_run = [&](auto visit) {
          for_bins(c, last, [&](std::int64_t channel, Index position, T gradient) {
            if (position < first || position >= first + run) return;
            visit(sums[(position - first) * block + channel - c], element(position, channel),
                  gradient);
          });
        };
        for_run([](Sum &sum, T &, T gradient) { sum = sum + read(gradient); });
        for_run([](const Sum &sum, T &element, T) { element = rounded(sum); });
        for_run([](Sum &sum, T &, T) { sum = 0; });
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
  return round_up(std::max(sum_bytes, own), line_bytes);
}

std::int64_t ordered_scratch_bytes(const Pooling &pooling, std::int64_t most_cells,
                                   std::int64_t pieces) {
  if (pooling.element->size != 2) return 0;
  // The sums of all cells, so that the rows are looked at once.
  constexpr std::int64_t cell_bytes = block_channels * 4;
  const std::int64_t most =
      std::clamp(most_sum_bytes_in_all / pieces, sum_bytes, most_sum_bytes) / cell_bytes;
  return std::max(std::min(most_cells, most) * cell_bytes, sum_bytes);
}

}  // namespace spp
