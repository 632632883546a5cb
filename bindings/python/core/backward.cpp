#include "backward.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "errors.hpp"
#include "maps.hpp"
#include "numbers.hpp"
#include "output.hpp"
#include "regions.hpp"
#include "rows.hpp"

namespace {

std::vector<std::int64_t> read_shape(nb::handle shape) {
  if (PySequence_Check(shape.ptr()) == 0) {
    raise_type_error("shape is " + printed(shape) + ", not the sizes of an array");
  }
  std::vector<std::int64_t> sizes;
  for (const nb::handle size : shape) {
    if (!PyIndex_Check(size.ptr())) {
      raise_type_error("shape is " + printed(shape) + ", not the sizes of an array");
    }
    const nb::object number = nb::steal(PyNumber_Index(size.ptr()));
    const std::int64_t value = number.is_valid() ? PyLong_AsLongLong(number.ptr()) : -1;
    if (PyErr_Occurred() != nullptr) throw nb::python_error();
    if (value < 0) raise_value_error("shape is " + printed(shape) + "; no size is negative");
    sizes.push_back(value);
  }
  return sizes;
}

// Whether a shape is that of a list of maps: its entries are shapes.
bool is_shape_list(nb::handle shape) {
  return is_list(shape) && nb::len(shape) > 0 && PySequence_Check(nb::object(shape[0]).ptr()) != 0;
}

// The array for the gradient of an array of a shape: the caller's, or a new one.
nb::object gradient_array(nb::handle shape, nb::handle out, const ElementType &type) {
  const std::vector<std::int64_t> sizes = read_shape(shape);
  const int dimensions = static_cast<int>(sizes.size());
  if (dimensions != 3 && dimensions != 4) {
    raise_value_error("shape is " + printed(shape) + "; a batch has 4 dimensions, one map 3");
  }
  if (out.is_none()) return new_array(numpy_description(type), dimensions, sizes.data());
  const Array given(out, "out", write_gradients);
  if (given.type != &type) {
    raise_type_error(std::string("out has the element type ") + given.type->name + ", grad has " +
                     type.name);
  }
  if (given.dimensions != dimensions || !std::equal(sizes.begin(), sizes.end(), given.shape)) {
    raise_value_error("out has the shape " + shape_text(given.dimensions, given.shape) +
                      ", it needs " + shape_text(dimensions, sizes.data()));
  }
  return nb::borrow(out);
}

nb::object gradient_list(nb::handle shape_list, nb::handle out, const ElementType &type) {
  // A tuple: reading a size runs the caller's code, which may change a list.
  const nb::tuple shapes(nb::borrow(shape_list));
  if (!out.is_none() && (!is_list(out) || nb::len(out) != shapes.size())) {
    raise_value_error("out is not a list of as many arrays as there are shapes");
  }
  nb::list arrays;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    const nb::object given = out.is_none() ? nb::object(nb::none()) : nb::object(out[k]);
    arrays.append(gradient_array(shapes[k], given, type));
  }
  return std::move(arrays);
}

}  // namespace

nb::object pool_backward(const Pooling &pooling, nb::handle grad, nb::handle indices,
                         nb::handle shape, nb::handle regions, nb::handle out, nb::handle threads,
                         nb::handle valid_sizes) {
  const spp_execution execution = execution_with(threads);
  const std::int32_t layout = pooling.options().layout;
  // Both live until the library has read them: what DLPack exports may be a copy that goes with them.
  const Array row_gradients(grad, "grad", read_gradients);
  const Array positions(indices, "indices", read_positions);
  const ElementType &type = *row_gradients.type;
  const spp_pooling *handle = pooling.handle(type);
  std::optional<Regions> windows;
  if (!regions.is_none()) windows.emplace(regions);
  spp_status status;
  if (!is_shape_list(shape)) {
    const nb::object array = gradient_array(shape, out, type);
    const Batch batch(array, "out", write_elements, layout, valid_sizes);
    const RowShape rows{batch.single && !windows, windows ? windows->count() : batch.maps.count,
                        pooling.output_length(batch.maps.channels)};
    const spp_gradient gradient = Rows(row_gradients, "grad", &type, rows).gradient();
    const spp_argmax argmax = Rows(positions, "indices", nullptr, rows).argmax();
    {
      const nb::gil_scoped_release unlocked;
      status =
          windows
              ? spp_backward_regions(handle, &gradient, &argmax, &batch.maps, windows->data(),
                                     windows->count(), batch.array.data, &execution)
              : spp_backward(handle, &gradient, &argmax, &batch.maps, batch.array.data, &execution);
    }
    check(status);
    return out.is_none() ? array : nb::borrow(out);
  }
  if (!valid_sizes.is_none()) {
    raise_value_error("valid_sizes is for batches (4 dimensions); shape is a list");
  }
  const nb::object arrays = gradient_list(shape, out, type);
  const MapList list(arrays, "out", write_elements, layout);
  const auto count = static_cast<std::int64_t>(list.maps.size());
  const RowShape rows{false, windows ? windows->count() : count,
                      pooling.output_length(list.channels)};
  const spp_gradient gradient = Rows(row_gradients, "grad", &type, rows).gradient();
  const spp_argmax argmax = Rows(positions, "indices", nullptr, rows).argmax();
  std::vector<void *> places;
  for (const Array &array : list.arrays) places.push_back(array.data);
  {
    const nb::gil_scoped_release unlocked;
    status = windows ? spp_backward_regions_ragged(handle, &gradient, &argmax, list.maps.data(),
                                                   count, list.channels, windows->data(),
                                                   windows->count(), places.data(), &execution)
                     : spp_backward_ragged(handle, &gradient, &argmax, list.maps.data(), count,
                                           list.channels, places.data(), &execution);
  }
  check(status);
  return out.is_none() ? arrays : nb::borrow(out);
}
