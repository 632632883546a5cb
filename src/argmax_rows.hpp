// Row after row, with the place of each maximum, and accumulators in scratch: for maps outside the
// caches, which only the order of addresses reads at the speed of memory; and for planes, whose rows
// are first turned into pixels.
#pragma once

#include "argmax_cells.hpp"
#include "turn.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class Codec, class Order>
struct RowFinder {
  using Cells = CellFinder<Codec, Order>;
  using T = typename Codec::Element;
  using Key = typename Codec::Key;
  using Index = IndexOf<Key>;
  using P = typename Simd<Index>::R;
  template <int Count>
  using FoundOf = typename Cells::template FoundOf<Count>;
  static constexpr int lanes = Cells::lanes;
  static constexpr int group = 64 / static_cast<int>(sizeof(T));  // planes turned together

  // Channels of `columns` results whose accumulators fit scratch.
  static std::int64_t room(std::int64_t columns) {
    return results_bytes / (columns * std::int64_t{sizeof(Key) + sizeof(Index)}) / lanes * lanes;
  }

  // Needs room(columns of the part) > 0.
  static void read(const Part &part, const Source<T> &source, std::int64_t width,
                   const EntryGrid<T> &target, std::int64_t channels, T empty, void *scratch) {
    const std::int64_t most = room(part.columns.last - part.columns.first);
    for (std::int64_t c = 0; c < channels; c += most) {
      const std::int64_t block = channels - c < most ? channels - c : most;
      const Sums sums = sums_in(scratch, part.columns, block);
      for_bands(part, target, c, block, empty, sums, width,
                [&](std::int64_t y, Span x, const Segment &segment) SPP_INLINE_LAMBDA {
                  add_pixels(source.at(y, x.first) + c, source.pixel, x.last - x.first, segment);
                });
    }
  }

  static void read_planes(const Part &part, const Planes<T> &planes, std::int64_t width,
                          const EntryGrid<T> &target, std::int64_t channels, T empty,
                          void *scratch) {
    const std::int64_t most = room(1) / in_registers(group);
    for (std::int64_t j = part.columns.first; j < part.columns.last; j += most) {
      Part some = part;
      some.columns = {j, j + most < part.columns.last ? j + most : part.columns.last};
      for (std::int64_t c = 0; c < channels; c += group)
        read_group(some, planes, width, target, c, channels - c < group ? channels - c : group,
                   empty, scratch);
    }
  }

 private:
  // Scratch has the accumulators, and behind them the pixels of turned planes.
  static constexpr std::int64_t turned_bytes = 4 << 10;
  static constexpr std::int64_t results_bytes = accumulator_bytes - turned_bytes;
  static constexpr std::int64_t most_turned = turned_bytes / (group * std::int64_t{sizeof(T)});

  static constexpr std::int64_t in_registers(std::int64_t channels) {
    return (channels + lanes - 1) / lanes * lanes;
  }

  // Accumulators of one row of results, each in whole registers.
  struct Sums {
    Key *keys;
    Index *positions;
    std::int64_t stride;
  };
  static Sums sums_in(void *scratch, Span columns, std::int64_t channels) {
    const std::int64_t stride = in_registers(channels);
    Key *keys = static_cast<Key *>(scratch);
    return {keys, reinterpret_cast<Index *>(keys + (columns.last - columns.first) * stride),
            stride};
  }

  // The accumulators of one result, and the position of the next pixel that is added to them.
  struct Segment {
    Key *keys;
    Index *positions;
    std::int64_t channels;
    Index first;
  };

  // Calls add(y, x, segment) for each row of each cell, row after row.
  template <class Add>
  static SPP_INLINE void for_bands(const Part &part, const EntryGrid<T> &target, std::int64_t c,
                                   std::int64_t channels, T empty, const Sums &sums,
                                   std::int64_t width, Add add) {
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i) {
      const Span rows = part.row_spans[i];
      for (std::int64_t y = rows.first; y < rows.last; ++y) {
        Segment segment{sums.keys, sums.positions, channels, 0};
        for (std::int64_t j = part.columns.first; j < part.columns.last; ++j) {
          const Span x = part.column_spans[j];
          segment.first = static_cast<Index>(y * width + x.first);
          if (y == rows.first) clear(segment);
          if (!is_empty(x)) add(y, x, segment);
          segment.keys += sums.stride;
          segment.positions += sums.stride;
        }
      }
      finish(part, i, target, c, channels, empty, sums);
    }
  }

  static void clear(const Segment &segment) {
    FoundOf<1> found;
    found.clear(segment.first);
    for (std::int64_t c = 0; c < segment.channels; c += lanes) put(found, segment, c);
  }

  static void finish(const Part &part, std::int64_t i, const EntryGrid<T> &target, std::int64_t c,
                     std::int64_t channels, T empty, const Sums &sums) {
    for (std::int64_t j = part.columns.first; j < part.columns.last; ++j) {
      const Entry<T> whole = target.at(i, j);
      const Entry<T> result{whole.data + c, whole.positions.from(c)};
      if (is_empty(part.row_spans[i]) || is_empty(part.column_spans[j])) {
        fill_empty(result, channels, empty);
        continue;
      }
      const std::int64_t first = (j - part.columns.first) * sums.stride;
      const Segment segment{sums.keys + first, sums.positions + first, channels, 0};
      for (std::int64_t k = 0; k < channels; k += lanes)
        Cells::template store<1>(get<1>(segment, k), result, k, some(channels - k));
    }
  }

  static SPP_INLINE int some(std::int64_t channels) {
    return channels < lanes ? static_cast<int>(channels) : lanes;
  }
  template <int Count>
  static SPP_INLINE FoundOf<Count> get(const Segment &segment, std::int64_t c) {
    FoundOf<Count> found;
    repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
      found.keys[k] = Simd<Key>::load(segment.keys + c + k * lanes);
      found.positions[k] = Simd<Index>::load(segment.positions + c + k * lanes);
    });
    return found;
  }
  template <int Count>
  static SPP_INLINE void put(const FoundOf<Count> &found, const Segment &segment, std::int64_t c) {
    repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
      Simd<Key>::store(segment.keys + c + k * lanes, found.keys[k]);
      Simd<Index>::store(segment.positions + c + k * lanes, found.positions[k]);
    });
  }

  static SPP_INLINE void add_pixels(const T *pixels, std::int64_t apart, std::int64_t count,
                                    const Segment &segment) {
    if (segment.channels == Cells::most_vectors * lanes)
      add_whole<Cells::most_vectors>(pixels, apart, count, segment);
    else if (segment.channels == Cells::most_vectors * lanes / 2)
      add_whole<Cells::most_vectors / 2>(pixels, apart, count, segment);
    else
      add_each(pixels, apart, count, segment);
  }

  // A pixel that fits the registers: the accumulators are loaded and stored once.
  template <int Count>
  static SPP_APART void add_whole(const T *pixels, std::int64_t apart, std::int64_t count,
                                  const Segment &segment) {
    FoundOf<Count> found = get<Count>(segment, 0);
    P position = Simd<Index>::fill(segment.first);
    const P one = Simd<Index>::fill(Index{1});
    for (; count > 0; --count, pixels += apart) {
      repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
        found.add(k, Codec::load(pixels + k * lanes), position);
      });
      position = position + one;
    }
    put(found, segment, 0);
  }

  // With accumulators in memory too little of what lies ahead is in flight: two registers from there.
  // A prefetch from behind the map reads nothing.
  static constexpr std::int64_t bytes_ahead = 2 << 10;
  static SPP_INLINE void prefetch(const T *pixels) {
    const char *const ahead = reinterpret_cast<const char *>(pixels) + bytes_ahead;
    __builtin_prefetch(ahead);
    __builtin_prefetch(ahead + lanes * sizeof(T));
  }

  // Pixel after pixel, all channels.
  static SPP_APART void add_each(const T *pixels, std::int64_t apart, std::int64_t count,
                                 const Segment &segment) {
    P position = Simd<Index>::fill(segment.first);
    const P one = Simd<Index>::fill(Index{1});
    for (; count > 0; --count, pixels += apart) {
      std::int64_t c = 0;
      for (; c + 2 * lanes <= segment.channels; c += 2 * lanes) {
        prefetch(pixels + c);
        FoundOf<2> found = get<2>(segment, c);
        found.add(0, Codec::load(pixels + c), position);
        found.add(1, Codec::load(pixels + c + lanes), position);
        put(found, segment, c);
      }
      for (; c < segment.channels; c += lanes) {
        FoundOf<1> found = get<1>(segment, c);
        found.add(0, Cells::template load<1>(pixels + c, some(segment.channels - c)), position);
        put(found, segment, c);
      }
      position = position + one;
    }
  }

  // ----------------------------------------------------------------------------------------- planes

  static void read_group(const Part &part, const Planes<T> &planes, std::int64_t width,
                         const EntryGrid<T> &target, std::int64_t c, std::int64_t channels, T empty,
                         void *scratch) {
    T *const turned = reinterpret_cast<T *>(static_cast<char *>(scratch) + results_bytes);
    const Sums sums = sums_in(scratch, part.columns, channels);
    for_bands(part, target, c, channels, empty, sums, width,
              [&](std::int64_t y, Span x, Segment segment) SPP_INLINE_LAMBDA {
                const T *row = planes.data + c * planes.channel + y * planes.row;
                for (std::int64_t at = x.first; at < x.last; at += most_turned) {
                  const std::int64_t count = x.last - at < most_turned ? x.last - at : most_turned;
                  turn(row + at * planes.column, planes, count, channels, turned);
                  add_pixels(turned, group, count, segment);
                  segment.first = static_cast<Index>(segment.first + count);
                }
              });
  }

  // `count` columns of `channels` planes into pixels of `group` channels.
  static SPP_APART void turn(const T *row, const Planes<T> &planes, std::int64_t count,
                             std::int64_t channels, T *pixels) {
    using Square = Tile<T, 1>;
    if (channels < group || planes.column != 1 || count < Square::columns) {
      for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t x = 0; x < count; ++x)
          pixels[x * group + c] = row[c * planes.channel + x * planes.column];
      return;
    }
    for (std::int64_t x = 0; x < count; x += Square::columns) {
      const std::int64_t first = x + Square::columns <= count ? x : count - Square::columns;
      for (int plane = 0; plane < group; plane += Simd<T>::lanes) {
        typename Square::R tile[Square::columns];
        repeat<Square::columns>([&](int k) SPP_INLINE_LAMBDA {
          tile[k] = Square::load(row + plane * planes.channel + first, planes.channel, k);
        });
        Square::store(tile, pixels + first * group + plane, group);
      }
    }
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
