// The passes of a job that also finds where each maximum is.
//
// A tier's second file defines what its first one does (see kernel.hpp) and includes this one.
#pragma once

#include "argmax_rows.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class Codec, class Order>
struct ArgmaxPooler {
  using T = typename Codec::Element;
  using Cells = CellFinder<Codec, Order>;
  using Rows = RowFinder<Codec, Order>;

  static std::int32_t run(const Job &job) {
    for (std::int32_t k = job.first_pass; k < job.last_pass; ++k)
      run_pass(job, job.grid->passes[k]);
    return SPP_TIER_ID;
  }

 private:
  static void run_pass(const Job &job, const Pass &pass) {
    const T empty =
        from_bits<T>(static_cast<typename Bits<T>::Word>(job.empty_zero ? 0 : Bits<T>::lowest));
    const EntryGrid<T> target = entries(job, pass.target, pass.target_first, pass.column_count);
    Part part{pass.rows, pass.columns, {0, pass.row_count}, {0, pass.column_count}};
    if (pass.source != Place::map) {
      Cells::merge(part, entries(job, pass.source, pass.source_first, pass.source_columns), target,
                   job.channels, empty);
      return;
    }
    part.rows = limited(job.target_rows, pass.row_count);
    part.columns = limited(job.target_columns, pass.column_count);
    const T *map = static_cast<const T *>(job.map);
    if (job.planes)
      Rows::read_planes(part, {map, job.channel_stride, job.row_stride, job.column_stride},
                        job.map_width, target, job.channels, empty, job.accumulators);
    else if (job.stream && Rows::room(part.columns.last - part.columns.first) >= least_room)
      Rows::read(part, {map, job.row_stride, job.column_stride}, job.map_width, target,
                 job.channels, empty, job.accumulators);
    else
      Cells::read(part, {map, job.row_stride, job.column_stride}, job.map_width, target,
                  job.channels, empty);
  }

  // Channels that are read in the order of addresses: fewer are not worth it.
  static constexpr std::int64_t least_room = 2 * Simd<T>::lanes;

  static EntryGrid<T> entries(const Job &job, Place place, std::int64_t first,
                              std::int64_t columns) {
    const bool cells = place == Place::cells;
    const std::int64_t stride = cells ? job.cell_stride : job.bin_stride;
    const PositionArray positions = cells
                                        ? PositionArray{job.cell_positions, job.wide_cell_positions}
                                        : PositionArray{job.bin_positions, job.wide_bin_positions};
    T *const values = static_cast<T *>(cells ? job.cells : job.bins);
    return {{values + first * stride, positions.from(first * stride)}, columns, stride};
  }
};

// The two NaN policies of an element type: SPP_NAN_PROPAGATE, SPP_NAN_IGNORE.
template <class T>
constexpr KernelRow argmax_floats = {ArgmaxPooler<SameKey<T>, NanFirst<T>>::run,
                                     ArgmaxPooler<SameKey<T>, NanLast<T>>::run};
template <class T>
constexpr KernelRow argmax_halves = {
    ArgmaxPooler<MadeKey<T, std::int32_t, HalfKey<T, true>>, Descending<std::int32_t, true>>::run,
    ArgmaxPooler<MadeKey<T, std::int32_t, HalfKey<T, false>>,
                 Descending<std::int32_t, false>>::run};
template <class Codec>
constexpr KernelRow argmax_integers = {ArgmaxPooler<Codec, Descending<std::int32_t, true>>::run,
                                       ArgmaxPooler<Codec, Descending<std::int32_t, true>>::run};
template <class T>
using AsInt32 = MadeKey<T, std::int32_t, Cast<T, std::int32_t>>;

}  // namespace

extern const KernelTable SPP_JOIN(argmax_kernels_, SPP_TIER_NAME);
const KernelTable SPP_JOIN(argmax_kernels_, SPP_TIER_NAME) = {{
    argmax_floats<float>,
    argmax_floats<double>,
    argmax_halves<Float16>,
    argmax_halves<BFloat16>,
    argmax_integers<AsInt32<std::int8_t>>,
    argmax_integers<AsInt32<std::uint8_t>>,
    argmax_integers<AsInt32<std::int16_t>>,
    argmax_integers<SameKey<std::int32_t>>,
    argmax_integers<AsInt32<std::uint16_t>>,
}};

#if defined(SPP_TIER_IS_PORTABLE)
// For maps of more than 2^31 cells: keys of 64 bits, which have room for such positions beside them.
// A double holds every key.
namespace {

template <class T, bool NanIsHighest>
struct HalfAsDouble {
  using Half = HalfKey<T, NanIsHighest>;
  static double from(T value) {
    const std::int32_t key = Half::from(value);
    return key == Half::nan ? from_bits<double>(Bits<double>::canonical_nan) : key;
  }
  static T to(double key) {
    return Half::to(key == key ? static_cast<std::int32_t>(key) : Half::nan);
  }
};
template <class T, class Propagating, class Ignoring>
constexpr KernelRow wide = {ArgmaxPooler<MadeKey<T, double, Propagating>, NanFirst<double>>::run,
                            ArgmaxPooler<MadeKey<T, double, Ignoring>, NanLast<double>>::run};
template <class T>
constexpr KernelRow wide_cast = wide<T, Cast<T, double>, Cast<T, double>>;
template <class T>
constexpr KernelRow wide_half = wide<T, HalfAsDouble<T, true>, HalfAsDouble<T, false>>;

}  // namespace

extern const KernelTable wide_argmax_kernels;
const KernelTable wide_argmax_kernels = {{
    wide_cast<float>,
    argmax_floats<double>,
    wide_half<Float16>,
    wide_half<BFloat16>,
    wide_cast<std::int8_t>,
    wide_cast<std::uint8_t>,
    wide_cast<std::int16_t>,
    wide_cast<std::int32_t>,
    wide_cast<std::uint16_t>,
}};
#endif

}  // namespace spp::SPP_TIER_NAME
