// The library's call, as a program that uses the C ABI makes it.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "buffers.hpp"

namespace spp_bench {

// Pools `maps` with one pyramid on one tier.
class Kernel {
 public:
  // `input`: where the maps begin, maps.input or maps.input + offset_floats.
  // `type`: what its words are taken for, at the same bytes per pixel.
  Kernel(const Maps &maps, const float *input, const Pyramid &pyramid, std::int32_t tier,
         std::int32_t thread_limit, const ElementType &type = element_types().front());

  void run() const;

  // The same call with positions: SPP_INDEX_*.
  void run_argmax(std::int32_t index_type) const;

  // Throws unless the call's output equals that of a plain loop over each bin, bit for bit.
  void check() const;

 private:
  struct Destroy {
    void operator()(spp_pooling *pooling) const { spp_pooling_destroy(pooling); }
  };
  template <class T>
  void check_as() const;

  Maps maps_;
  const ElementType &type_;
  const float *input_;
  std::unique_ptr<spp_pooling, Destroy> pooling_;
  std::array<std::int64_t, 4> strides_;
  spp_batch batch_{};
  spp_output output_{};
  spp_execution execution_{};
  mutable std::vector<std::int64_t> positions_;  // had in the first call with positions
};

}  // namespace spp_bench
