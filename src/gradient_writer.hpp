// Writing the gradients of maps: that of winners in one walk, any other by its definition.
//
// Where the bins of all levels are unions of those of the finest one, the winner of a coarse bin has
// won a finest bin too.  So the sums of all levels can be made for the winners of the finest bins
// before the map is touched, and the map is then written once, in the order of addresses: in each cell
// a sum or zero.  Positions are the caller's, and nothing says that they are winners: that comes out
// on the way, and where they are not, add_in_order() does it.
#pragma once

#include "gradient_job.hpp"
#include "gradient_part.hpp"

namespace spp {

class GradientWriter {
 public:
  GradientWriter(const Pooling &pooling, std::int64_t call_bytes);

  void write(const GradientPart &part);

  // Scratch that a part of up to so many channels needs.
  static std::int64_t scratch_bytes(const Pooling &pooling, std::int64_t channels);

 private:
  bool can_fold(const GradientPart &part);
  bool can_stream(const GradientPart &part) const;
  bool write_winners(const GradientPart &part);
  static std::int64_t block_channels(const Pooling &pooling);

  const Pooling &pooling_;
  const std::int64_t call_bytes_;
  const std::int64_t element_size_;
  // The latest size of a map's valid part, and whether it has a plan.
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
  bool has_plan_ = false;
  FoldPlan plan_;
};

}  // namespace spp
