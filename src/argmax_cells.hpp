// Whole rectangles in registers, with the place of each maximum: for maps in a cache, and for merges.
#pragma once

#include "job.hpp"
#include "keys.hpp"
#include "target.hpp"
#include "walk.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// A result, or a source of a merge.
template <class T>
struct Entry {
  T *data;
  PositionArray positions;
};

// As Target and Source, with positions that lie as the values do.
template <class T>
struct EntryGrid {
  Entry<T> first;
  std::int64_t columns;
  std::int64_t stride;

  SPP_INLINE Entry<T> at(std::int64_t i, std::int64_t j) const {
    const std::int64_t k = (i * columns + j) * stride;
    return {first.data + k, first.positions.from(k)};
  }
};

template <class T>
SPP_INLINE void fill_empty(const Entry<T> &entry, std::int64_t channels, T empty) {
  for (std::int64_t c = 0; c < channels; ++c) entry.data[c] = empty;
  entry.positions.fill_none(channels);
}

template <class Codec, class Order>
struct CellFinder {
  using T = typename Codec::Element;
  using Key = typename Codec::Key;
  using Index = IndexOf<Key>;
  using R = typename Simd<Key>::R;
  using P = typename Simd<Index>::R;
  template <int Count>
  using FoundOf = Found<Key, Index, Order, Count>;
  static constexpr int lanes = Simd<Key>::lanes;

  // Two accumulators for each register of keys.
  static constexpr int most_vectors = sizeof(R) == 64 ? 8 : 4;

  static void read(const Part &part, const Source<T> &source, std::int64_t width,
                   const EntryGrid<T> &target, std::int64_t channels, T empty) {
    for_cells(part, target, channels, empty,
              [&](Span y, Span x, const Entry<T> &result) SPP_INLINE_LAMBDA {
                const Rectangle from{source.at(y.first, x.first),
                                     source,
                                     y.last - y.first,
                                     x.last - x.first,
                                     width,
                                     static_cast<Index>(y.first * width + x.first)};
                for_blocks(channels, [&](auto block, std::int64_t c, int count) SPP_INLINE_LAMBDA {
                  read_cell<block.value>(from, c, count, result);
                });
              });
  }

  static void merge(const Part &part, const EntryGrid<T> &source, const EntryGrid<T> &target,
                    std::int64_t channels, T empty) {
    for_cells(part, target, channels, empty,
              [&](Span y, Span x, const Entry<T> &result) SPP_INLINE_LAMBDA {
                for_blocks(channels, [&](auto block, std::int64_t c, int count) SPP_INLINE_LAMBDA {
                  merge_cell<block.value>(source, y, x, c, count, result);
                });
              });
  }

  // Stores a block of results: Count registers, or the first `count` < lanes of the only one.
  template <int Count>
  static SPP_INLINE void store(const FoundOf<Count> &found, const Entry<T> &result, std::int64_t c,
                               int count) {
    repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
      const std::int64_t at = c + k * lanes;
      if (Count > 1 || count == lanes)
        Codec::store(result.data + at, found.keys[k]);
      else
        Codec::store_some(result.data + at, found.keys[k], count);
      result.positions.from(at).template store<Index>(found.positions[k],
                                                      Count > 1 ? lanes : count);
    });
  }

  template <int Count>
  static SPP_INLINE R load(const T *data, int count) {
    return Count > 1 || count == lanes ? Codec::load(data) : Codec::load_some(data, count);
  }

  // Calls block(Count, c, count) for blocks of registers that cover `channels`; the last overlaps the
  // one before it where they do not divide: the results are the same.
  template <class Block>
  static SPP_INLINE void for_blocks(std::int64_t channels, Block block) {
    std::int64_t c = 0;
    for (; c + most_vectors * lanes <= channels; c += most_vectors * lanes)
      block(Vectors<most_vectors>{}, c, lanes);
    if constexpr (most_vectors > 4)
      if (c + 4 * lanes <= channels) {
        block(Vectors<4>{}, c, lanes);
        c += 4 * lanes;
      }
    if (c + 2 * lanes <= channels) {
      block(Vectors<2>{}, c, lanes);
      c += 2 * lanes;
    }
    if (c + lanes <= channels) {
      block(Vectors<1>{}, c, lanes);
      c += lanes;
    }
    if (c == channels) return;
    if (c == 0)
      block(Vectors<1>{}, c, static_cast<int>(channels));
    else
      block(Vectors<1>{}, channels - lanes, lanes);
  }

 private:
  template <int Count>
  using Vectors = std::integral_constant<int, Count>;

  // Pixels of the map, the first of them at position `first`.
  struct Rectangle {
    const T *data;
    const Source<T> &source;
    std::int64_t height;
    std::int64_t width;
    std::int64_t map_width;
    Index first;
  };

  template <class Cell>
  static SPP_INLINE void for_cells(const Part &part, const EntryGrid<T> &target,
                                   std::int64_t channels, T empty, Cell cell) {
    for (std::int64_t i = part.rows.first; i < part.rows.last; ++i)
      for (std::int64_t j = part.columns.first; j < part.columns.last; ++j) {
        const Span y = part.row_spans[i];
        const Span x = part.column_spans[j];
        const Entry<T> result = target.at(i, j);
        if (is_empty(y) || is_empty(x))
          fill_empty(result, channels, empty);
        else
          cell(y, x, result);
      }
  }

  template <int Count>
  static SPP_APART void read_cell(const Rectangle &from, std::int64_t c, int count,
                                  const Entry<T> &result) {
    FoundOf<Count> found;
    found.clear(from.first);
    P position = Simd<Index>::fill(from.first);
    const P one = Simd<Index>::fill(Index{1});
    const P to_next_row = Simd<Index>::fill(static_cast<Index>(from.map_width - from.width));
    const T *row = from.data + c;
    for (std::int64_t y = 0; y < from.height; ++y, row += from.source.row) {
      const T *pixel = row;
      for (std::int64_t x = 0; x < from.width; ++x, pixel += from.source.pixel) {
        repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
          found.add(k, load<Count>(pixel + k * lanes, count), position);
        });
        position = position + one;
      }
      position = position + to_next_row;
    }
    store(found, result, c, count);
  }

  template <int Count>
  static SPP_APART void merge_cell(const EntryGrid<T> &source, Span y, Span x, std::int64_t c,
                                   int count, const Entry<T> &result) {
    FoundOf<Count> found;
    found.clear(static_cast<Index>(~std::make_unsigned_t<Index>{0} >> 1));
    for (std::int64_t i = y.first; i < y.last; ++i)
      for (std::int64_t j = x.first; j < x.last; ++j) {
        const Entry<T> from = source.at(i, j);
        repeat<Count>([&](int k) SPP_INLINE_LAMBDA {
          const std::int64_t at = c + k * lanes;
          found.join(k, load<Count>(from.data + at, count),
                     from.positions.from(at).template load<Index>(Count > 1 ? lanes : count));
        });
      }
    store(found, result, c, count);
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
