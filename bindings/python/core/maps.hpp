// The maps of a call, or their gradients: a dense batch or a list.
#ifndef LIBSPP_MAPS_HPP
#define LIBSPP_MAPS_HPP

#include <spp.h>

#include <vector>

#include "array.hpp"

// One array of 4 dimensions in the order of the layout, or of 3 for one map.
class Batch {
 public:
  // `valid_sizes`: None, or for 4 dimensions an array (N, 2) of heights and widths.
  Batch(nb::handle x, const char *name, const Use &use, std::int32_t layout,
        nb::handle valid_sizes);
  Batch(const Batch &) = delete;  // `maps` points into the object
  Batch &operator=(const Batch &) = delete;

  Array array;
  bool single;  // of 3 dimensions
  spp_batch maps = {};

 private:
  void set_valid_sizes(nb::handle valid_sizes);

  std::int64_t strides_[4] = {};  // image, row, column, channel
  std::vector<std::int64_t> valid_heights_, valid_widths_;
};

// A list or tuple of arrays of 3 dimensions with one element type and one number of channels.
class MapList {
 public:
  MapList(nb::handle list, const std::string &name, const Use &use, std::int32_t layout);

  const ElementType &type() const { return *arrays.front().type; }

  std::vector<Array> arrays;
  std::vector<spp_map> maps;
  std::int64_t channels = 0;

 private:
  struct Strides {
    std::int64_t of[3];  // row, column, channel
  };
  std::vector<Strides> strides_;
};

bool is_list(nb::handle object);

#endif
