// The kernel: the passes of a job, written once over the registers of simd.hpp.
//
// A tier is a file that defines SPP_TIER_NAME, SPP_TIER_ID and SPP_TIER_ARCH and includes this one.
// No standard algorithm and no dynamic initialiser here or below: see simd.hpp on one definition per
// tier.
#pragma once

#include "cells.hpp"
#include "job.hpp"
#include "stream.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

inline Span limited(Span span, std::int64_t count) {
  return {span.first, span.last < count ? span.last : count};
}

template <class T, class Policy>
struct Pooler {
  static std::int32_t run(const Job &job) {
    for (std::int32_t k = job.first_pass; k < job.last_pass; ++k) {
      const Pass &pass = job.grid->passes[k];
      if (pass.target == Place::cells)
        run_pass<false>(job, pass,
                        {static_cast<T *>(job.cells), pass.column_count, job.cell_stride});
      else
        run_pass<true>(job, pass,
                       {static_cast<T *>(job.bins) + pass.target_first * job.bin_stride,
                        pass.column_count, job.bin_stride});
    }
    return SPP_TIER_ID;
  }

 private:
  template <bool Canonical>
  static void run_pass(const Job &job, const Pass &pass, const Target<T> &target) {
    const T empty = job.empty_zero ? T(0) : from_bits<T>(Bits<T>::lowest);
    T *const scratch = static_cast<T *>(job.accumulators);
    const bool reads_map = pass.source == Place::map;
    Part part{pass.rows, pass.columns, {0, pass.row_count}, {0, pass.column_count}};
    if (reads_map) {
      part.rows = limited(job.target_rows, pass.row_count);
      part.columns = limited(job.target_columns, pass.column_count);
    }
    const Source<T> source = source_of(job, pass);
    if (reads_map && job.stream)
      Streamer<T, Policy, Canonical>::pool(part, source, target, job.channels, empty,
                                           {scratch, job.accumulator_count});
    else
      CellPooler<T, Policy, Canonical>::pool(part, source, target, job.channels, empty, scratch,
                                             job.accumulator_count);
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

}  // namespace

extern const KernelTable SPP_JOIN(kernels_, SPP_TIER_NAME);
const KernelTable SPP_JOIN(kernels_, SPP_TIER_NAME) = {
    {
        {Pooler<float, Propagate<float>>::run, Pooler<float, Ignore<float>>::run},
    },
};

}  // namespace spp::SPP_TIER_NAME
