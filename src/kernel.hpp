// The kernel: the loop nest that reads maps, written once over the registers of simd.hpp.
//
// A tier is a file that defines SPP_TIER_NAME, SPP_TIER_ID and SPP_TIER_ARCH and includes this one.
// No standard algorithm and no dynamic initialiser here: see simd.hpp on one definition per tier.
#pragma once

#include "job.hpp"
#include "simd.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Pixels to read: pixel (y, x) begins at data + y * row + x * pixel.
template <class T>
struct Source {
  const T *data;
  std::int64_t row;
  std::int64_t pixel;

  const T *at(std::int64_t y, std::int64_t x) const { return data + y * row + x * pixel; }
};

// Results to write: result (i, j) begins at data + (i * columns + j) * stride.
template <class T>
struct Target {
  T *data;
  std::int64_t columns;
  std::int64_t stride;
  bool canonical;  // an output row; else scratch that is read again

  T *at(std::int64_t i, std::int64_t j) const { return data + (i * columns + j) * stride; }
};

template <class T, class Policy>
class Pooler {
  using S = Simd<T>;
  using R = typename S::R;
  static constexpr int lanes = S::lanes;

  // Accumulators in registers: half of the 16 of AVX2 and SSE; of 32 no more, since the values of
  // two pixels are in flight beside them.
  static constexpr int most_vectors = 8;

  // Rows that `stream` reads side by side: with four, each accumulator is loaded and stored once
  // for four pixels, and four address-ordered streams are still what prefetchers follow.
  static constexpr int most_rows = 4;

 public:
  static std::int32_t run(const Job &job) {
    for (std::int32_t k = job.first_pass; k < job.last_pass; ++k) {
      const Pass &pass = job.grid->passes[k];
      if (pass.source == Place::map)
        read_map(job, pass);
      else
        merge(job, pass);
    }
    return SPP_TIER_ID;
  }

 private:
  // ------------------------------------------------------------------------------------- passes

  static Target<T> target_of(const Job &job, const Pass &pass) {
    if (pass.target == Place::cells)
      return {static_cast<T *>(job.cells), pass.column_count, job.cell_stride, false};
    T *bins = static_cast<T *>(job.bins) + pass.target_first * job.bin_stride;
    return {bins, pass.column_count, job.bin_stride, true};
  }

  static void read_map(const Job &job, const Pass &pass) {
    const Source<T> source{static_cast<const T *>(job.map), job.row_stride, job.column_stride};
    const Target<T> target = target_of(job, pass);
    if (job.stream)
      stream(job, pass, source, target);
    else
      pool_cells(job, pass, job.target_rows, job.target_columns, source, target);
  }

  // A level made from finer bins is the pooling of a small map whose pixels are those bins.
  static void merge(const Job &job, const Pass &pass) {
    const bool from_cells = pass.source == Place::cells;
    const std::int64_t stride = from_cells ? job.cell_stride : job.bin_stride;
    const T *data = from_cells ? static_cast<const T *>(job.cells)
                               : static_cast<const T *>(job.bins) + pass.source_first * stride;
    pool_cells(job, pass, {0, pass.row_count}, {0, pass.column_count},
               {data, pass.source_columns * stride, stride}, target_of(job, pass));
  }

  static Span limited(Span span, std::int64_t count) {
    return {span.first, span.last < count ? span.last : count};
  }

  // ----------------------------------------------------------------- whole rectangles in registers

  static void pool_cells(const Job &job, const Pass &pass, Span target_rows, Span target_columns,
                         const Source<T> &source, const Target<T> &target) {
    const Span rows = limited(target_rows, pass.row_count);
    const Span columns = limited(target_columns, pass.column_count);
    for (std::int64_t i = rows.first; i < rows.last; ++i) {
      const Span y = pass.rows[i];
      for (std::int64_t j = columns.first; j < columns.last; ++j) {
        const Span x = pass.columns[j];
        const std::int64_t height = y.last - y.first;
        const std::int64_t width = x.last - x.first;
        T *result = target.at(i, j);
        if (height == 0 || width == 0)
          fill_empty(job, result);
        else
          pool_cell(source.at(y.first, x.first), source, height, width, job.channels, result,
                    target.canonical);
      }
    }
  }

  static void fill_empty(const Job &job, T *result) {
    const T value = job.empty_zero ? T(0) : from_bits<T>(Bits<T>::lowest);
    for (std::int64_t c = 0; c < job.channels; ++c) result[c] = value;
  }

  static void pool_cell(const T *data, const Source<T> &source, std::int64_t height,
                        std::int64_t width, std::int64_t channels, T *result, bool make_canonical) {
    std::int64_t c = 0;
    const auto blocks = [&](auto vectors) SPP_INLINE_LAMBDA {
      constexpr int count = decltype(vectors)::value;
      for (; c + count * lanes <= channels; c += count * lanes) {
        R accumulators[count];
        repeat<count>([&](int k) SPP_INLINE_LAMBDA { accumulators[k] = Policy::identity(); });
        walk<count>(data + c, source, height, width, accumulators);
        put<count>(result + c, accumulators, make_canonical);
      }
    };
    blocks(Count<most_vectors>{});
    blocks(Count<4>{});
    blocks(Count<2>{});
    blocks(Count<1>{});
    if (c == channels) return;
    if (channels > lanes) {  // the last vector again overlaps the one before it: max is idempotent
      c = channels - lanes;
      blocks(Count<1>{});
    } else {
      pool_cell_partial(data, source, height, width, static_cast<int>(channels), result,
                        make_canonical);
    }
  }

  template <int N>
  struct Count {
    static constexpr int value = N;
  };

  template <int Vectors>
  static SPP_INLINE void walk(const T *data, const Source<T> &source, std::int64_t height,
                              std::int64_t width, R (&accumulators)[Vectors]) {
    for (; height > 0; --height, data += source.row) {
      const T *pixel = data;
      std::int64_t left = width;
      for (; left >= 2; left -= 2, pixel += 2 * source.pixel) {
        repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
          accumulators[k] = Policy::add2(accumulators[k], S::load(pixel + k * lanes),
                                         S::load(pixel + source.pixel + k * lanes));
        });
      }
      if (left != 0) {
        repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
          accumulators[k] = Policy::add(accumulators[k], S::load(pixel + k * lanes));
        });
      }
    }
  }

  template <int Vectors>
  static SPP_INLINE void put(T *result, R (&accumulators)[Vectors], bool make_canonical) {
    if (make_canonical) {
      repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA {
        S::store(result + k * lanes, canonical<T>(accumulators[k]));
      });
    } else {
      repeat<Vectors>([&](int k) SPP_INLINE_LAMBDA { S::store(result + k * lanes, accumulators[k]); });
    }
  }

  // Fewer channels than a register has lanes.
  static void pool_cell_partial(const T *data, const Source<T> &source, std::int64_t height,
                                std::int64_t width, int channels, T *result, bool make_canonical) {
    R accumulator = Policy::identity();
    for (std::int64_t y = 0; y < height; ++y, data += source.row)
      for (std::int64_t x = 0; x < width; ++x)
        accumulator = Policy::add(accumulator, load_partial<T>(data + x * source.pixel, channels));
    store_partial<T>(result, make_canonical ? canonical<T>(accumulator) : accumulator, channels);
  }

  // ------------------------------------------------------------------ rows in the order of addresses

  // Accumulators for one row of results, in aligned scratch.  They never are the output itself: an
  // output that is only 16-byte aligned would make every one of their loads and stores cross lines.
  struct Accumulators {
    T *data;
    std::int64_t stride;
    T *at(std::int64_t j) const { return data + j * stride; }
  };

  static void stream(const Job &job, const Pass &pass, const Source<T> &source,
                     const Target<T> &target) {
    const Span rows = limited(job.target_rows, pass.row_count);
    const Span columns = limited(job.target_columns, pass.column_count);
    const std::int64_t count = columns.last - columns.first;
    constexpr std::int64_t line = 64 / sizeof(T);
    const std::int64_t most_channels = job.accumulator_count / count / line * line;
    for (std::int64_t c = 0; c < job.channels; c += most_channels) {
      const std::int64_t left = job.channels - c;
      const std::int64_t channels = left < most_channels ? left : most_channels;
      const Accumulators scratch{static_cast<T *>(job.accumulators),
                                 (channels + line - 1) / line * line};
      const Source<T> pixels{source.data + c, source.row, source.pixel};
      for (std::int64_t i = rows.first; i < rows.last; ++i) {
        stream_band(pass.rows[i], pass.columns + columns.first, count, pixels, channels, scratch);
        finish_band(job, pass, i, columns, scratch, target, c, channels);
      }
    }
  }

  static void stream_band(Span y, const Span *columns, std::int64_t count, const Source<T> &pixels,
                          std::int64_t channels, const Accumulators &scratch) {
    for (std::int64_t row = y.first; row < y.last;) {
      const std::int64_t rows = side_by_side(y.last - row);
      for (std::int64_t j = 0; j < count; ++j) {
        const std::int64_t width = columns[j].last - columns[j].first;
        if (width > 0)
          stream_rows(rows, pixels.at(row, columns[j].first), pixels, width, channels,
                      row == y.first, scratch.at(j));
      }
      row += rows;
    }
  }

  // Four rows, but five are three and two: a single row costs as many accumulator loads as four.
  static std::int64_t side_by_side(std::int64_t left) {
    if (left == most_rows + 1) return most_rows - 1;
    return left < most_rows ? left : most_rows;
  }

  static void stream_rows(std::int64_t rows, const T *data, const Source<T> &pixels,
                          std::int64_t width, std::int64_t channels, bool first, T *accumulators) {
    if (channels <= most_vectors * lanes) {
      stream_in_registers(rows, data, pixels, width, channels, first, accumulators);
      return;
    }
    switch (rows) {
      case 1: stream_pixels<1>(data, pixels, width, channels, first, accumulators); break;
      case 2: stream_pixels<2>(data, pixels, width, channels, first, accumulators); break;
      case 3: stream_pixels<3>(data, pixels, width, channels, first, accumulators); break;
      default: stream_pixels<most_rows>(data, pixels, width, channels, first, accumulators);
    }
  }

  // A pixel fits the registers: the accumulators are loaded and stored once per row and segment.
  static void stream_in_registers(std::int64_t rows, const T *data, const Source<T> &pixels,
                                  std::int64_t width, std::int64_t channels, bool first,
                                  T *accumulators) {
    std::int64_t c = 0;
    const auto blocks = [&](auto vectors) SPP_INLINE_LAMBDA {
      constexpr int count = decltype(vectors)::value;
      for (; c + count * lanes <= channels; c += count * lanes) {
        R block[count];
        if (first)
          repeat<count>([&](int k) SPP_INLINE_LAMBDA { block[k] = Policy::identity(); });
        else
          repeat<count>([&](int k) SPP_INLINE_LAMBDA {
            block[k] = S::load(accumulators + c + k * lanes);
          });
        walk<count>(data + c, pixels, rows, width, block);
        put<count>(accumulators + c, block, false);
      }
    };
    blocks(Count<most_vectors>{});
    blocks(Count<4>{});
    blocks(Count<2>{});
    blocks(Count<1>{});
    if (c < channels) {
      const int rest = static_cast<int>(channels - c);
      R block = first ? Policy::identity() : load_partial<T>(accumulators + c, rest);
      for (std::int64_t y = 0; y < rows; ++y)
        for (std::int64_t x = 0; x < width; ++x)
          block = Policy::add(block, load_partial<T>(data + y * pixels.row + x * pixels.pixel + c,
                                                     rest));
      store_partial<T>(accumulators + c, block, rest);
    }
  }

  // Pixel after pixel, all channels of Rows rows, accumulators in the first-level cache.
  template <int Rows>
  static void stream_pixels(const T *data, const Source<T> &pixels, std::int64_t width,
                            std::int64_t channels, bool first, T *accumulators) {
    for (std::int64_t x = 0; x < width; ++x, data += pixels.pixel) {
      if (first && x == 0)
        stream_pixel<Rows, true>(data, pixels.row, channels, accumulators);
      else
        stream_pixel<Rows, false>(data, pixels.row, channels, accumulators);
    }
  }

  template <int Rows, bool First>
  static SPP_INLINE void stream_pixel(const T *data, std::int64_t row, std::int64_t channels,
                                      T *accumulators) {
    std::int64_t c = 0;
    for (; c + 2 * lanes <= channels; c += 2 * lanes) {
      stream_vector<Rows, First>(data + c, row, accumulators + c);
      stream_vector<Rows, First>(data + c + lanes, row, accumulators + c + lanes);
    }
    for (; c + lanes <= channels; c += lanes)
      stream_vector<Rows, First>(data + c, row, accumulators + c);
    if (c < channels) {
      // Masked, not overlapping: a load that overlaps two stores in flight waits for both.
      const int rest = static_cast<int>(channels - c);
      R value = First ? Policy::identity() : load_partial<T>(accumulators + c, rest);
      repeat<Rows>([&](int k) SPP_INLINE_LAMBDA {
        value = Policy::add(value, load_partial<T>(data + k * row + c, rest));
      });
      store_partial<T>(accumulators + c, value, rest);
    }
  }

  template <int Rows, bool First>
  static SPP_INLINE void stream_vector(const T *data, std::int64_t row, T *accumulator) {
    R value = First ? Policy::identity() : S::load(accumulator);
    repeat<Rows / 2>([&](int k) SPP_INLINE_LAMBDA {
      value = Policy::add2(value, S::load(data + 2 * k * row), S::load(data + (2 * k + 1) * row));
    });
    if constexpr (Rows % 2 != 0) value = Policy::add(value, S::load(data + (Rows - 1) * row));
    S::store(accumulator, value);
  }

  static void finish_band(const Job &job, const Pass &pass, std::int64_t i, Span columns,
                          const Accumulators &scratch, const Target<T> &target, std::int64_t c,
                          std::int64_t channels) {
    const bool no_rows = pass.rows[i].first == pass.rows[i].last;
    for (std::int64_t j = columns.first; j < columns.last; ++j) {
      T *result = target.at(i, j);
      if (no_rows || pass.columns[j].first == pass.columns[j].last) {
        if (c == 0) fill_empty(job, result);
      } else {
        const T *accumulator = scratch.at(j - columns.first);
        pool_cell(accumulator, {accumulator, 0, 0}, 1, 1, channels, result + c, target.canonical);
      }
    }
  }
};

}  // namespace

extern const KernelTable SPP_JOIN(kernels_, SPP_TIER_NAME);
const KernelTable SPP_JOIN(kernels_, SPP_TIER_NAME) = {
    Simd<float>::lanes * static_cast<std::int32_t>(sizeof(float)),
    {
        {Pooler<float, Propagate<float>>::run, Pooler<float, Ignore<float>>::run},
    },
};

}  // namespace spp::SPP_TIER_NAME
