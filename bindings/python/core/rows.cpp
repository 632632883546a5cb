#include "rows.hpp"

#include <algorithm>

#include "errors.hpp"
#include "output.hpp"

std::string shape_text(int dimensions, const std::int64_t *shape) {
  std::string text = "(";
  for (int k = 0; k < dimensions; ++k) text += (k == 0 ? "" : ", ") + std::to_string(shape[k]);
  return text + (dimensions == 1 ? ",)" : ")");
}

Rows::Rows(nb::handle given, const char *name, const Use &use, const ElementType &type,
           const RowShape &shape)
    : type_(&type) {
  if (!given.is_none()) {
    array = nb::borrow(given);
    given_.emplace(given, name, use);
    read(*given_, name, &use.types == &index_types ? nullptr : &type, shape);
    return;
  }
  const std::int64_t sizes[] = {shape.count, shape.length};
  array = new_array(numpy_description(type), shape.single ? 1 : 2, sizes + (shape.single ? 1 : 0));
  data_ = elements_of(array);
  capacity_ = shape.count * shape.length;
}

Rows::Rows(const Array &given, const char *name, const ElementType *type, const RowShape &shape) {
  read(given, name, type, shape);
}

void Rows::read(const Array &given, const char *name, const ElementType *type,
                const RowShape &shape) {
  if (type != nullptr && given.type != type) {
    raise_type_error(std::string(name) + " has the element type " + given.type->name +
                     ", it needs " + type->name);
  }
  const std::int64_t both[] = {shape.count, shape.length};
  const std::int64_t *sizes = both + (shape.single ? 1 : 0);
  const int dimensions = shape.single ? 1 : 2;
  if (given.dimensions != dimensions || !std::equal(sizes, sizes + dimensions, given.shape)) {
    raise_value_error(std::string(name) + " has the shape " +
                      shape_text(given.dimensions, given.shape) + ", it needs " +
                      shape_text(dimensions, sizes));
  }
  type_ = given.type;
  data_ = given.data;
  row_stride_ = shape.length;
  if (shape.count == 0) return;  // strides say nothing then, and NumPy and PyTorch leave any
  if (given.strides[dimensions - 1] != 1 && shape.length > 1) {
    raise_value_error(std::string(name) +
                      " has gaps within a row: the elements of a row have to lie side by side");
  }
  if (shape.count > 1) row_stride_ = given.strides[0];
  if (row_stride_ < shape.length) {
    raise_value_error(std::string(name) + " has rows that overlap: their stride is " +
                      std::to_string(row_stride_) + " elements, their length " +
                      std::to_string(shape.length));
  }
  capacity_ = (shape.count - 1) * row_stride_ + shape.length;
}

spp_output Rows::output() const {
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = data_;
  output.capacity = capacity_;
  output.row_stride = row_stride_;
  return output;
}

spp_gradient Rows::gradient() const {
  spp_gradient gradient = {};
  gradient.struct_size = sizeof gradient;
  gradient.data = data_;
  gradient.capacity = capacity_;
  gradient.row_stride = row_stride_;
  return gradient;
}

spp_argmax Rows::argmax() const {
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = data_;
  argmax.capacity = capacity_;
  argmax.row_stride = row_stride_;
  argmax.index_type = type_->number;
  return argmax;
}
