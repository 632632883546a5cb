#include "maps.hpp"

#include "errors.hpp"
#include "numbers.hpp"
#include "output.hpp"

namespace {

// Which of the last three dimensions is what.
struct Axes {
  int row, column, channel;
};

Axes axes_of(const Array &array, std::int32_t layout, const std::string &name) {
  if (array.dimensions < 3) {
    raise_value_error(name + " has " + std::to_string(array.dimensions) + " dimensions; a batch " +
                      (layout == SPP_LAYOUT_NHWC ? "is (N, H, W, C), one map (H, W, C)"
                                                 : "is (N, C, H, W), one map (C, H, W)"));
  }
  const int first = array.dimensions - 3;
  return layout == SPP_LAYOUT_NHWC ? Axes{first, first + 1, first + 2}
                                   : Axes{first + 1, first + 2, first};
}

}  // namespace

bool is_list(nb::handle object) {
  return PyList_Check(object.ptr()) != 0 || PyTuple_Check(object.ptr()) != 0;
}

Batch::Batch(nb::handle x, const char *name, const Use &use, std::int32_t layout,
             nb::handle valid_sizes)
    : array(x, name, use), single(array.dimensions == 3) {
  const Axes axes = axes_of(array, layout, name);
  maps.struct_size = sizeof maps;
  maps.data = array.data;
  maps.count = single ? 1 : array.shape[0];
  maps.height = array.shape[axes.row];
  maps.width = array.shape[axes.column];
  maps.channels = array.shape[axes.channel];
  strides_[0] = single ? 0 : array.strides[0];
  strides_[1] = array.strides[axes.row];
  strides_[2] = array.strides[axes.column];
  strides_[3] = array.strides[axes.channel];
  maps.strides = strides_;
  if (!valid_sizes.is_none()) set_valid_sizes(valid_sizes);
}

void Batch::set_valid_sizes(nb::handle valid_sizes) {
  if (single) raise_value_error("valid_sizes is for batches (4 dimensions), not for one map");
  const nb::object sizes = read_table(valid_sizes, "valid_sizes", NPY_INT64, 2,
                                      "(N, 2): a height and a width for each map");
  const std::int64_t count = PyArray_DIM(reinterpret_cast<PyArrayObject *>(sizes.ptr()), 0);
  if (count != maps.count) {
    raise_value_error("valid_sizes has " + std::to_string(count) + " rows; the batch has " +
                      std::to_string(maps.count) + " maps");
  }
  const auto *pairs = static_cast<const std::int64_t *>(elements_of(sizes));
  for (std::int64_t k = 0; k < maps.count; ++k) {
    valid_heights_.push_back(pairs[2 * k]);
    valid_widths_.push_back(pairs[2 * k + 1]);
  }
  maps.valid_heights = valid_heights_.data();
  maps.valid_widths = valid_widths_.data();
}

MapList::MapList(nb::handle list, const std::string &name, const Use &use, std::int32_t layout) {
  // A tuple: what exports an element is the caller's code, which may change a list.
  const nb::tuple elements(nb::borrow(list));
  const std::size_t count = elements.size();
  if (count == 0) {
    raise_value_error(name + " is an empty list, which says no number of channels");
  }
  arrays.reserve(count);
  strides_.reserve(count);  // `maps` points into it
  for (const nb::handle element : elements) {
    const std::string place = name + "[" + std::to_string(arrays.size()) + "]";
    const Array &array = arrays.emplace_back(element, place, use);
    if (array.dimensions == 4) {
      raise_value_error(place + " has 4 dimensions; the maps of a list have 3");
    }
    const Axes axes = axes_of(array, layout, place);
    if (array.type != &type()) {
      raise_type_error(place + " has the element type " + array.type->name + ", " + name +
                       "[0] has " + type().name);
    }
    if (maps.empty()) channels = array.shape[axes.channel];
    if (array.shape[axes.channel] != channels) {
      raise_value_error(place + " has " + std::to_string(array.shape[axes.channel]) +
                        " channels, " + name + "[0] has " + std::to_string(channels));
    }
    const Strides &strides = strides_.emplace_back(Strides{
        {array.strides[axes.row], array.strides[axes.column], array.strides[axes.channel]}});
    spp_map map = {};
    map.struct_size = sizeof map;
    map.data = array.data;
    map.height = array.shape[axes.row];
    map.width = array.shape[axes.column];
    map.strides = strides.of;
    maps.push_back(map);
  }
}
