// The kernel: the passes of a job, written once over the registers of simd.hpp.
//
// A tier is a file that defines SPP_TIER_NAME, SPP_TIER_ID and SPP_TIER_ARCH and includes this one.
// No standard algorithm and no dynamic initialiser here or below: see simd.hpp on one definition per
// tier.
#pragma once

#include "cells.hpp"
#include "job.hpp"
#include "planes.hpp"
#include "stream.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

template <class T, class Policy>
struct Pooler {
  static std::int32_t run(const Job &job) {
    for (std::int32_t k = job.first_pass; k < job.last_pass; ++k) {
      const Pass &pass = job.grid->passes[k];
      if (pass.target == Place::cells)
        run_pass(job, pass,
                 {static_cast<T *>(job.cells), pass.column_count, job.cell_stride, false});
      else
        run_pass(job, pass,
                 {static_cast<T *>(job.bins) + pass.target_first * job.bin_stride,
                  pass.column_count, job.bin_stride, true});
    }
    return SPP_TIER_ID;
  }

 private:
  static void run_pass(const Job &job, const Pass &pass, const Target<T> &target) {
    using Word = typename Bits<T>::Word;
    constexpr std::int64_t scratch_count = accumulator_bytes / std::int64_t{sizeof(T)};
    const T empty = from_bits<T>(static_cast<Word>(job.empty_zero ? 0 : Bits<T>::lowest));
    T *const scratch = static_cast<T *>(job.accumulators);
    const bool reads_map = pass.source == Place::map;
    Part part{pass.rows, pass.columns, {0, pass.row_count}, {0, pass.column_count}};
    if (reads_map) {
      part.rows = limited(job.target_rows, pass.row_count);
      part.columns = limited(job.target_columns, pass.column_count);
    }
    if (reads_map && job.planes) {
      PlanePooler<T, Policy>::pool(
          part,
          {static_cast<const T *>(job.map), job.channel_stride, job.row_stride, job.column_stride},
          target, job.channels, empty, scratch);
      return;
    }
    const Source<T> source = source_of(job, pass);
    if (reads_map && job.stream)
      Streamer<T, Policy>::pool(part, source, target, job.channels, empty,
                                {scratch, scratch_count / Policy::registers});
    else
      CellPooler<T, Policy>::pool(part, source, target, job.channels, empty, scratch,
                                  scratch_count);
  }

  // A level made from finer bins is the pooling of a small map whose pixels are those bins.
  static Source<T> source_of(const Job &job, const Pass &pass) {
    switch (pass.source) {
      case Place::map:
        return {static_cast<const T *>(job.map), job.row_stride, job.column_stride};
      case Place::cells:
        return {static_cast<const T *>(job.cells), pass.source_columns * job.cell_stride,
                job.cell_stride};
      default:
        return {static_cast<const T *>(job.bins) + pass.source_first * job.bin_stride,
                pass.source_columns * job.bin_stride, job.bin_stride};
    }
  }
};

// The two NaN policies of an element type: SPP_NAN_PROPAGATE, SPP_NAN_IGNORE.
template <class T, class Propagate, class Ignore>
constexpr KernelRow floats = {Pooler<T, Propagate>::run, Pooler<T, Ignore>::run};
template <class T>
constexpr KernelRow integers = {Pooler<T, Largest<T>>::run, Pooler<T, Largest<T>>::run};

}  // namespace

extern const KernelTable SPP_JOIN(kernels_, SPP_TIER_NAME);
const KernelTable SPP_JOIN(kernels_, SPP_TIER_NAME) = {{
    floats<float, Propagate<float>, Ignore<float>>,
    floats<double, Propagate<double>, Ignore<double>>,
    floats<Float16, PropagateHalf<Float16>, IgnoreHalf<Float16>>,
    floats<BFloat16, PropagateHalf<BFloat16>, IgnoreHalf<BFloat16>>,
    integers<std::int8_t>,
    integers<std::uint8_t>,
    integers<std::int16_t>,
    integers<std::int32_t>,
    integers<std::uint16_t>,
}};

}  // namespace spp::SPP_TIER_NAME
