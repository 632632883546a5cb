#include "calls.hpp"

#include <optional>

#include "errors.hpp"
#include "numbers.hpp"
#include "output.hpp"

namespace {

std::string shape_text(int dimensions, const std::int64_t *shape) {
  std::string text = "(";
  for (int k = 0; k < dimensions; ++k) text += (k == 0 ? "" : ", ") + std::to_string(shape[k]);
  return text + (dimensions == 1 ? ",)" : ")");
}

// The rows of a call: the caller's array, or a new one.
class Rows {
 public:
  // `single`: the one row of one map, an array of one dimension.
  Rows(nb::handle out, const ElementType &type, bool single, std::int64_t count,
       std::int64_t length) {
    const std::int64_t both[] = {count, length};
    const std::int64_t *shape = single ? both + 1 : both;
    const int dimensions = single ? 1 : 2;
    output.struct_size = sizeof output;
    if (out.is_none()) {
      array = new_array(numpy_description(type), dimensions, shape);
      output.data = elements_of(array);
      output.capacity = count * length;
    } else {
      array = nb::borrow(out);
      given_.emplace(out, "out", true);
      use_given(type, dimensions, shape, count, length);
    }
  }

  nb::object array;
  spp_output output = {};

 private:
  void use_given(const ElementType &type, int dimensions, const std::int64_t *shape,
                 std::int64_t count, std::int64_t length) {
    if (given_->type != &type) {
      raise_type_error(std::string("out has the element type ") + given_->type->name + ", x has " +
                       type.name);
    }
    const bool same = given_->dimensions == dimensions &&
                      std::equal(shape, shape + dimensions, given_->shape);
    if (!same) {
      raise_value_error("out has the shape " + shape_text(given_->dimensions, given_->shape) +
                        ", the result " + shape_text(dimensions, shape));
    }
    const std::int64_t step = count > 1 ? given_->strides[0] : length;
    if (given_->strides[dimensions - 1] != 1 && length > 1) {
      raise_value_error("out has gaps within a row: the elements of a row have to lie side by side");
    }
    if (step < length) {
      raise_value_error("out has rows that overlap: their stride is " + std::to_string(step) +
                        " elements, their length " + std::to_string(length));
    }
    output.data = given_->data;
    output.row_stride = step;
    output.capacity = count == 0 ? 0 : (count - 1) * step + length;
  }

  std::optional<Array> given_;
};

// Valid heights and widths from an array (N, 2).
struct ValidSizes {
  ValidSizes(nb::handle sizes, std::int64_t count) {
    if (sizes.is_none()) return;
    // In two steps, because NumPy rounds the numbers of a list but refuses to round an array's.
    const nb::object given = nb::steal(PyArray_FROM_O(sizes.ptr()));
    if (!given.is_valid()) throw nb::python_error();
    const nb::object array =
        nb::steal(PyArray_FROMANY(given.ptr(), NPY_INT64, 2, 2, NPY_ARRAY_CARRAY_RO));
    if (!array.is_valid()) throw nb::python_error();
    auto *numpy = reinterpret_cast<PyArrayObject *>(array.ptr());
    const std::int64_t shape[] = {PyArray_DIM(numpy, 0), PyArray_DIM(numpy, 1)};
    if (shape[0] != count || shape[1] != 2) {
      raise_value_error("valid_sizes has the shape " + shape_text(2, shape) + "; a batch of " +
                        std::to_string(count) + " needs (" + std::to_string(count) +
                        ", 2), a height and a width for each map");
    }
    const auto *pairs = static_cast<const std::int64_t *>(PyArray_DATA(numpy));
    for (std::int64_t k = 0; k < count; ++k) {
      heights.push_back(pairs[2 * k]);
      widths.push_back(pairs[2 * k + 1]);
    }
  }

  std::vector<std::int64_t> heights, widths;
};

std::int64_t row_length(const spp_pooling *pooling, std::int64_t channels) {
  std::int64_t length = 0;
  check(spp_pooling_output_length(pooling, channels, &length));
  return length;
}

nb::object pool_batch(const Pooling &pooling, nb::handle x, nb::handle out,
                      const spp_execution &execution, nb::handle valid_sizes) {
  const Array array(x, "x", false);
  const Maps maps(array, pooling.options().layout, "x");
  const bool single = array.dimensions == 3;
  if (single && !valid_sizes.is_none()) {
    raise_value_error("valid_sizes is for batches (4 dimensions); x is one map");
  }
  const ValidSizes valid(valid_sizes, maps.count);
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = array.data;
  batch.count = maps.count;
  batch.height = maps.height;
  batch.width = maps.width;
  batch.channels = maps.channels;
  batch.strides = maps.strides;
  if (!valid_sizes.is_none()) {
    batch.valid_heights = valid.heights.data();
    batch.valid_widths = valid.widths.data();
  }
  const spp_pooling *handle = pooling.handle(*array.type);
  Rows rows(out, *array.type, single, maps.count, row_length(handle, maps.channels));
  spp_status status;
  {
    const nb::gil_scoped_release unlocked;
    status = spp_pool(handle, &batch, &rows.output, &execution);
  }
  check(status);
  return std::move(rows.array);
}

nb::object pool_list(const Pooling &pooling, nb::handle x, nb::handle out,
                     const spp_execution &execution) {
  const std::size_t count = nb::len(x);
  if (count == 0) raise_value_error("x is an empty list, which says no number of channels");
  std::vector<Array> arrays;
  std::vector<Maps> dimensions;
  arrays.reserve(count);
  dimensions.reserve(count);
  for (const nb::handle element : x) {
    const std::string name = "x[" + std::to_string(arrays.size()) + "]";
    const Array &array = arrays.emplace_back(element, name, false);
    if (array.dimensions == 4) {
      raise_value_error(name + " has 4 dimensions; the maps of a list have 3");
    }
    const Maps &map = dimensions.emplace_back(array, pooling.options().layout, name);
    if (array.type != arrays[0].type) {
      raise_type_error(name + " has the element type " + array.type->name + ", x[0] has " +
                       arrays[0].type->name);
    }
    if (map.channels != dimensions[0].channels) {
      raise_value_error(name + " has " + std::to_string(map.channels) + " channels, x[0] has " +
                        std::to_string(dimensions[0].channels));
    }
  }
  std::vector<spp_map> maps(arrays.size());
  for (std::size_t k = 0; k < maps.size(); ++k) {
    maps[k].struct_size = sizeof(spp_map);
    maps[k].data = arrays[k].data;
    maps[k].height = dimensions[k].height;
    maps[k].width = dimensions[k].width;
    maps[k].strides = dimensions[k].strides + 1;
  }
  const auto rows_count = static_cast<std::int64_t>(maps.size());
  const std::int64_t channels = dimensions[0].channels;
  const spp_pooling *handle = pooling.handle(*arrays[0].type);
  Rows rows(out, *arrays[0].type, false, rows_count, row_length(handle, channels));
  spp_status status;
  {
    const nb::gil_scoped_release unlocked;
    status = spp_pool_ragged(handle, maps.data(), rows_count, channels, &rows.output, &execution);
  }
  check(status);
  return std::move(rows.array);
}

}  // namespace

nb::object pool(const Pooling &pooling, nb::handle x, nb::handle out, nb::handle threads,
                nb::handle valid_sizes) {
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  if (!threads.is_none()) execution.thread_limit = read_int32(threads, "threads");
  if (!PyList_Check(x.ptr()) && !PyTuple_Check(x.ptr())) {
    return pool_batch(pooling, x, out, execution, valid_sizes);
  }
  if (!valid_sizes.is_none()) {
    raise_value_error("valid_sizes is for batches (4 dimensions); x is a list");
  }
  return pool_list(pooling, x, out, execution);
}
