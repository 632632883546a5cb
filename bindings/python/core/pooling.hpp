// libspp.Pooling: one description, with a handle of the library for each element type in use.
#ifndef LIBSPP_POOLING_HPP
#define LIBSPP_POOLING_HPP

#include <spp.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "array.hpp"

// The description as Python spells it.
struct Description {
  std::vector<spp_level> levels;
  std::string bins;
  std::string layout;
  std::string order;
  std::string nan;
  std::string empty;
  std::string tier;
};

// Levels from a sequence of numbers (n for n x n) and of pairs.
std::vector<spp_level> read_levels(nb::handle levels);

class Pooling {
 public:
  explicit Pooling(Description description);
  ~Pooling();
  Pooling(const Pooling &) = delete;
  Pooling &operator=(const Pooling &) = delete;

  const Description &description() const { return description_; }

  // The handle for an element type, made when the first call needs it.
  const spp_pooling *handle(const ElementType &type) const;

  std::int64_t bin_count() const;
  std::int64_t output_length(std::int64_t channels) const;
  nb::object rectangles(std::int64_t height, std::int64_t width) const;
  std::string describe(nb::handle dtype) const;

  const spp_options &options() const { return options_; }

 private:
  Description description_;
  spp_options options_ = {};
  mutable std::mutex mutex_;
  mutable std::array<std::atomic<spp_pooling *>, element_type_count> handles_ = {};
};

// The permutation from bins_channels to channels_bins.
nb::object permutation(nb::handle levels, std::int64_t channels);

#endif
