// The batch of a scenario: painted maps between guards, and how a call describes them.
#ifndef SPP_TESTS_SUPPORT_PAINTED_BATCH_HPP
#define SPP_TESTS_SUPPORT_PAINTED_BATCH_HPP

#include <array>
#include <cstdint>
#include <vector>

#include "oracle.hpp"
#include "spp.h"
#include "support/scenario.hpp"

// One at a time: all lie in the same memory.  The scenario must outlive it.
class PaintedBatch {
 public:
  explicit PaintedBatch(const Scenario &scenario);
  PaintedBatch(const PaintedBatch &) = delete;
  PaintedBatch &operator=(const PaintedBatch &) = delete;

  const std::vector<oracle::Map> &maps() const { return maps_; }
  const spp_batch &batch() const { return batch_; }

  // The same maps for a call that takes a list; it has no padding.
  std::vector<spp_map> list() const;

 private:
  std::array<std::int64_t, 4> strides_;
  std::vector<oracle::Map> maps_;
  spp_batch batch_ = {};
};

#endif
