// Pooling the regions of a row, as a program that uses the C ABI does it.
#pragma once

#include <memory>
#include <vector>

#include "buffers.hpp"
#include "region_rows.hpp"

namespace spp_bench {

class RegionCall {
 public:
  RegionCall(const RegionRow &row, std::int32_t tier, std::int32_t thread_limit);

  void run() const;
  void run_one_by_one() const;  // a call of spp_pool for the window of each
  void run_as_maps() const;     // one call of spp_pool_ragged for the windows of all

  // Throws unless some of the regions' rows equal those of a plain loop over each bin, bit for bit.
  void check() const;

  std::int64_t output_size() const { return row_length() * row_.count; }
  bool output_is_in_large_pages() const { return is_in_large_pages(maps_.output); }

 private:
  struct Destroy {
    void operator()(spp_pooling *pooling) const { spp_pooling_destroy(pooling); }
  };

  std::int64_t row_length() const { return row_.pyramid.bins() * region_map.channels; }
  const float *first_cell(const spp_region &region) const;

  RegionRow row_;
  Maps maps_;
  std::vector<spp_region> regions_;
  std::vector<spp_map> windows_;
  std::unique_ptr<spp_pooling, Destroy> pooling_;
  spp_batch batch_{};
  spp_output output_{};
  spp_execution execution_{};
};

}  // namespace spp_bench
