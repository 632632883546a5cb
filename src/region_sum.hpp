// The maxima of one bin in the channels of a block, and what is read from it.
#pragma once

#include "region_job.hpp"
#include "region_values.hpp"

namespace spp::SPP_TIER_NAME {
namespace {

// Where the bins of a region go.
struct RegionTarget {
  float *first_bin;
  std::int64_t bin_stride;
};

template <class Form>
struct RegionSum {
  using Values = typename Form::Values;
  using R = typename Values::R;
  static constexpr int lanes = Simd<float>::lanes;
  // More than these would not stay in registers.
  static constexpr int vectors = Form::depth / lanes < 8 ? Form::depth / lanes : 8;
  static constexpr std::int64_t channels = vectors * lanes;

  R r[vectors];

  SPP_INLINE void load(const float *from) {
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { r[k] = Values::load(from + k * lanes); });
  }
  SPP_INLINE void add(const float *from) {
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
      r[k] = Values::larger(Values::load(from + k * lanes), r[k]);
    });
  }
  SPP_INLINE void add(const RegionSum &sum) {
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { r[k] = Values::larger(sum.r[k], r[k]); });
  }
  SPP_INLINE void clear() {
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { r[k] = Values::least(); });
  }
  SPP_INLINE void fill(float number) {
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { r[k] = Values::filled(number); });
  }
  SPP_INLINE void keep(float *to) const {
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA { Values::keep(to + k * lanes, r[k]); });
  }

  SPP_INLINE void write(const RegionTarget &target, std::int64_t bin) const {
    float *const to = target.first_bin + bin * target.bin_stride;
    repeat<vectors>([&](int k) SPP_INLINE_LAMBDA {
      if constexpr (Form::stream)
        store_past_caches(to + k * lanes, Values::value(r[k]));
      else
        Simd<float>::store(to + k * lanes, Values::value(r[k]));
    });
  }
};

}  // namespace
}  // namespace spp::SPP_TIER_NAME
