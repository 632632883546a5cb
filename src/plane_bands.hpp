// A band of a group of planes into pixels, each the maximum of one column.
#pragma once

#include "turn.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Some rows of some planes: element (c, y, x) is at data + c * channel + y * row + x * column.
template <class T>
struct Band {
  const T *data;
  std::int64_t channel;
  std::int64_t row;
  std::int64_t column;
  std::int64_t height;  // at least 1
  std::int64_t planes;
};

// Planes that are read together: what a cache line of the output has.
template <class T>
constexpr int group_of = 64 / static_cast<int>(sizeof(T));

// The rows of a band are taken four at a time, after the first 1 to 4: f(First) with their number.
template <class F>
SPP_INLINE void with_first_rows(std::int64_t height, F f) {
  switch (height % 4) {
    case 1:
      return f(std::integral_constant<int, 1>{});
    case 2:
      return f(std::integral_constant<int, 2>{});
    case 3:
      return f(std::integral_constant<int, 3>{});
    default:
      return f(std::integral_constant<int, 4>{});
  }
}

// load(data) of the first First rows, `row` elements apart.
template <class Policy, int First, class T, class Load>
SPP_INLINE typename Policy::Accumulator first_rows(const T *data, std::int64_t row, Load load) {
  typename Policy::Accumulator sum = Policy::start(load(data));
  if constexpr (First == 2) sum = Policy::add(sum, load(data + row));
  if constexpr (First > 2) sum = Policy::add2(sum, load(data + row), load(data + 2 * row));
  if constexpr (First == 4) sum = Policy::add(sum, load(data + 3 * row));
  return sum;
}

// And of four more.
template <class Policy, class T, class Load>
SPP_INLINE typename Policy::Accumulator four_rows(const typename Policy::Accumulator &sum,
                                                  const T *data, std::int64_t row, Load load) {
  return Policy::add4(sum, load(data), load(data + row), load(data + 2 * row),
                      load(data + 3 * row));
}

// Short bands: tiles, in registers from the map to the pixels.
template <class T, class Policy>
struct TileReader {
  using L = Lanes<T>;
  using R = typename Simd<T>::R;
  using Accumulator = typename Policy::Accumulator;
  static constexpr int group = group_of<T>;
  static constexpr int lanes = Simd<T>::lanes;
  static constexpr int square = L::square;

  // Lanes of each plane in a register: a tile has as many registers as columns.
  static constexpr int widest = L::count > 1 && 2 * square *Policy::registers <= 16 ? 2 : 1;
  static constexpr bool masks = L::count == 4 && widest == 2;

  static bool can_read(const Band<T> &band, std::int64_t width) {
    return band.planes == group && band.column == 1 && (width >= square || masks);
  }

  // Writes `width` pixels of `group` channels, and some behind them.
  static void read(const Band<T> &band, std::int64_t width, T *pixels) {
    std::int64_t x = 0;
    if constexpr (widest == 2) {
      for (; x + 2 * square <= width; x += 2 * square) read_tile<2>(band, x, pixels);
      if (x + square < width) {
        if (width >= 2 * square) return read_tile<2>(band, width - 2 * square, pixels);
        if constexpr (masks) return read_part<2>(band, width, pixels);
      }
      if constexpr (masks)
        if (width < square) return read_part<2>(band, width, pixels);
    }
    for (; x + square <= width; x += square) read_tile<1>(band, x, pixels);
    if (x < width) read_tile<1>(band, width - square, pixels);
  }

 private:
  template <int Spread>
  static void read_tile(const Band<T> &band, std::int64_t x, T *pixels) {
    read_rows<Spread>(band, x, pixels, [&](const T *data, int k) SPP_INLINE_LAMBDA {
      return Tile<T, Spread>::load(data, band.channel, k);
    });
  }

  // The only tile of lines that are shorter.
  template <int Spread>
  static void read_part(const Band<T> &band, std::int64_t width, T *pixels) {
    const int rest = static_cast<int>(width);
    read_rows<Spread>(band, 0, pixels, [&](const T *data, int k) SPP_INLINE_LAMBDA {
      return Tile<T, Spread>::load_some(data, band.channel, k, rest);
    });
  }

  template <int Spread, class Load>
  static SPP_INLINE void read_rows(const Band<T> &band, std::int64_t x, T *pixels, Load load) {
    constexpr int count = Tile<T, Spread>::columns;
    const std::int64_t row = band.row;
    for (int plane = 0; plane < group; plane += lanes) {
      const T *data = band.data + plane * band.channel + x;
      Accumulator sums[count];
      repeat<count>([&](int k) SPP_INLINE_LAMBDA { sums[k] = Policy::start(load(data, k)); });
      data += row;
      if (band.height % 2 == 0) {
        repeat<count>([&](int k)
                          SPP_INLINE_LAMBDA { sums[k] = Policy::add(sums[k], load(data, k)); });
        data += row;
      }
      for (std::int64_t pairs = (band.height - 1) / 2; pairs > 0; --pairs, data += 2 * row)
        repeat<count>([&](int k) SPP_INLINE_LAMBDA {
          sums[k] = Policy::add2(sums[k], load(data, k), load(data + row, k));
        });
      R columns[count];
      repeat<count>([&](int k) SPP_INLINE_LAMBDA { columns[k] = Policy::finish(sums[k], false); });
      Tile<T, Spread>::store(columns, pixels + x * group + plane, group);
    }
  }
};

// Any band: first the maxima of whole lines, plane after plane.
template <class T, class Policy>
struct LineReader {
  using W = Walker<T, Policy>;
  using S = Simd<T>;
  using R = typename S::R;
  using Accumulator = typename Policy::Accumulator;
  static constexpr int group = group_of<T>;
  static constexpr int lanes = S::lanes;

  // Lines of `width` columns, `stride` elements apart: the maxima of `columns` columns of the map,
  // those that are `width` apart joined.
  struct Lines {
    T *data;
    std::int64_t stride;
    std::int64_t columns;
    std::int64_t width;
    T *spare;  // one more line
  };

  static void read(const Band<T> &band, const Lines &lines) {
    if (band.column != 1) return gather(band, lines);
    if (lines.columns != lines.width) return fold(band, lines);
    std::int64_t x = 0;
    for (; x + 4 * lanes < lines.width; x += 4 * lanes) read_columns<4>(band, lines, x, 4 * lanes);
    const std::int64_t left = lines.width - x;
    if (lines.width < lanes)
      read_columns<0>(band, lines, x, left);
    else if (left <= lanes)
      read_columns<1>(band, lines, x, left);
    else if (left <= 2 * lanes)
      read_columns<2>(band, lines, x, left);
    else if (left <= 3 * lanes)
      read_columns<3>(band, lines, x, left);
    else
      read_columns<4>(band, lines, x, left);
  }

  // The lines of a whole group into pixels.
  static void turn(const Lines &lines, T *pixels) {
    constexpr std::int64_t square = Lanes<T>::square;
    if (lines.width < square) return turn_some(lines, group, pixels);
    std::int64_t x = 0;
    for (; x + square <= lines.width; x += square) turn_square(lines, x, pixels);
    if (x < lines.width) turn_square(lines, lines.width - square, pixels);
  }

  // The lines of some planes; the other channels of the pixels are left alone.
  static void turn_some(const Lines &lines, std::int64_t planes, T *pixels) {
    for (std::int64_t x = 0; x < lines.width; ++x)
      for (std::int64_t k = 0; k < planes; ++k)
        pixels[x * group + k] = lines.data[k * lines.stride + x];
  }

 private:
  static SPP_INLINE void turn_square(const Lines &lines, std::int64_t x, T *pixels) {
    constexpr int square = Lanes<T>::square;
    for (int plane = 0; plane < group; plane += lanes) {
      R tile[square];
      const T *from = lines.data + plane * lines.stride + x;
      repeat<square>([&](int k)
                         SPP_INLINE_LAMBDA { tile[k] = Tile<T, 1>::load(from, lines.stride, k); });
      Tile<T, 1>::store(tile, pixels + x * group + plane, group);
    }
  }

  // `width` columns in `Vectors` registers, the last of which ends with them; 0: part of one.
  template <int Vectors>
  static SPP_INLINE void read_columns(const Band<T> &band, const Lines &lines, std::int64_t x,
                                      std::int64_t width) {
    with_first_rows(band.height, [&](auto first) SPP_INLINE_LAMBDA {
      read_planes<first.value, Vectors>(band, lines, x, width);
    });
  }

  template <int First, int Vectors>
  static void read_planes(const Band<T> &band, const Lines &lines, std::int64_t x,
                          std::int64_t width) {
    constexpr int vectors = Vectors == 0 ? 1 : Vectors;
    constexpr bool masked = Vectors == 0 || (sizeof(R) == 64 && sizeof(T) > 1);
    const std::int64_t last = masked ? (vectors - 1) * lanes : width - lanes;
    const int rest = static_cast<int>(width - (vectors - 1) * lanes);
    const auto load = [&](const T *data, int k) SPP_INLINE_LAMBDA {
      if (k < vectors - 1) return S::load(data + k * lanes);
      if constexpr (masked)
        return load_partial<T>(data + last, rest);
      else
        return S::load(data + last);
    };
    const T *plane = band.data + x;
    T *line = lines.data + x;
    const std::int64_t row = band.row;
    for (std::int64_t c = band.planes; c > 0; --c, plane += band.channel, line += lines.stride) {
      const T *data = plane;
      Accumulator sums[vectors];
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        sums[k] = first_rows<Policy, First>(
            data, row, [&](const T *p) SPP_INLINE_LAMBDA { return load(p, k); });
      });
      data += First * row;
      for (std::int64_t left = band.height - First; left > 0; left -= 4, data += 4 * row)
        repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
          sums[k] = four_rows<Policy>(sums[k], data, row,
                                      [&](const T *p) SPP_INLINE_LAMBDA { return load(p, k); });
        });
      repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
        const bool ends_early = k == vectors - 1 && !masked && rest != lanes;
        const R sum = Policy::finish(sums[k], false);
        S::store(line + k * lanes, ends_early ? shift_down<T>(sum, lanes - rest) : sum);
      });
    }
  }

  static void fold(const Band<T> &band, const Lines &lines) {
    for (std::int64_t plane = 0; plane < band.planes; ++plane) {
      const T *data = band.data + plane * band.channel;
      const Source<T> rows{data, 0, band.row};  // the rows stand in the place of pixels
      W::for_blocks(lines.width, 0, [&](auto block, std::int64_t c, auto) SPP_INLINE_LAMBDA {
        Accumulator sums[block.value];
        W::clear(sums);
        for_folds(lines, [&](std::int64_t x) SPP_INLINE_LAMBDA {
          W::walk(data + x + c, rows, 1, band.height, sums);
        });
        W::finish(lines.data + plane * lines.stride + c, false, sums);
      });
    }
  }

  // fold(x) for the runs of `width` columns that cover all columns.
  template <class Fold>
  static SPP_INLINE void for_folds(const Lines &lines, Fold fold) {
    std::int64_t x = 0;
    for (; x + lines.width <= lines.columns; x += lines.width) fold(x);
    if (x < lines.columns) fold(lines.columns - lines.width);
  }

  // Columns that lie apart are copied together, row by row for all planes: where the channels of a
  // pixel are neighbours they share cache lines.
  static void gather(const Band<T> &band, const Lines &lines) {
    for (std::int64_t x = 0; x < lines.stride; ++x) lines.spare[x] = T{};
    for (std::int64_t y = 0; y < band.height; ++y)
      for (std::int64_t c = 0; c < band.planes; ++c)
        for_folds(lines, [&](std::int64_t x) SPP_INLINE_LAMBDA {
          gather_line(band.data + c * band.channel + y * band.row + x * band.column, band.column,
                      lines, y == 0 && x == 0, lines.data + c * lines.stride);
        });
  }

  static SPP_INLINE void gather_line(const T *data, std::int64_t column, const Lines &lines,
                                     bool first, T *line) {
    for (std::int64_t x = 0; x < lines.width; ++x) lines.spare[x] = data[x * column];
    for (std::int64_t x = 0; x < lines.width; x += lanes) {
      const R row = S::load(lines.spare + x);
      S::store(line + x, first ? row : Policy::join(S::load(line + x), row));
    }
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
