#include "array.hpp"

#include "errors.hpp"
#include "numbers.hpp"

Memory describe_memory(std::uintptr_t address, const char *dtype, const nb::tuple &shape,
                       const nb::tuple &strides) {
  Memory memory;
  memory.data = reinterpret_cast<void *>(address);
  memory.type = &element_type_named(dtype);
  const std::size_t count = shape.size();
  if (count > Memory::max_dimensions || count != strides.size()) {
    raise_value_error("shape has " + std::to_string(count) + " dimensions, strides " +
                      std::to_string(strides.size()) + "; there are at most " +
                      std::to_string(Memory::max_dimensions));
  }
  memory.dimensions = static_cast<int>(count);
  for (std::size_t k = 0; k < count; ++k) {
    memory.shape[k] = nb::cast<std::int64_t>(shape[k]);
    memory.strides[k] = nb::cast<std::int64_t>(strides[k]);
  }
  return memory;
}

Array::Array(nb::handle source, const std::string &name, bool writable) {
  if (PyArray_Check(source.ptr())) {
    owner_ = nb::borrow(source);
    read_numpy(reinterpret_cast<PyArrayObject *>(source.ptr()), name, writable);
  } else if (nb::isinstance<Memory>(source)) {
    owner_ = nb::borrow(source);
    static_cast<Memory &>(*this) = *nb::inst_ptr<Memory>(source);
  } else {
    read_tensor(source, name, writable);
  }
  // The stride of a dimension with one entry says nothing; the library would refuse a negative one.
  for (int k = 0; k < dimensions; ++k) {
    if (shape[k] == 1 && strides[k] < 0) strides[k] = 0;
  }
}

void Array::read_numpy(PyArrayObject *array, const std::string &name, bool writable) {
  if (writable && !PyArray_ISWRITEABLE(array)) raise_value_error(name + " is read-only");
  type = &element_type_of(PyArray_DESCR(array), name);
  set_dimensions(PyArray_NDIM(array), name);
  data = PyArray_DATA(array);
  const npy_intp *sizes = PyArray_DIMS(array);
  const npy_intp *steps = PyArray_STRIDES(array);
  for (int k = 0; k < dimensions; ++k) {
    shape[k] = sizes[k];
    if (steps[k] % type->size != 0 && sizes[k] > 1) {
      raise_value_error(name + " has a stride of " + std::to_string(steps[k]) +
                        " bytes, which is no multiple of its element's " +
                        std::to_string(type->size) + ": make a copy of it");
    }
    strides[k] = steps[k] / type->size;
  }
}

void Array::read_tensor(nb::handle source, const std::string &name, bool writable) {
  // An array without the gradient that its owner expects would be a silent loss.
  if (nb::hasattr(source, "requires_grad") && nb::cast<bool>(source.attr("requires_grad"))) {
    raise_type_error(name + " requires a gradient: use libspp.torch, or pass " + name +
                     ".detach()");
  }
  bool understood = nb::try_cast(source, tensor_);
  if (!understood && !writable) {
    nb::ndarray<nb::ro> constant;
    understood = nb::try_cast(source, constant);
    tensor_ = nb::ndarray<>(constant);
  }
  if (!understood) {
    raise_type_error(name + " is " + printed(source.type()) +
                     (writable ? ": not an array of this machine's memory that can be written to"
                               : ": not an array of this machine's memory (NumPy, DLPack or the "
                                 "buffer protocol)"));
  }
  if (tensor_.device_type() != nb::device::cpu::value) {
    raise_type_error(name + " is in the memory of a device (DLPack device type " +
                     std::to_string(tensor_.device_type()) + "), not of the CPU");
  }
  type = &element_type_of(tensor_.dtype(), name);
  set_dimensions(static_cast<std::int64_t>(tensor_.ndim()), name);
  data = tensor_.data();
  for (int k = 0; k < dimensions; ++k) {
    shape[k] = static_cast<std::int64_t>(tensor_.shape(static_cast<std::size_t>(k)));
    strides[k] = tensor_.stride(static_cast<std::size_t>(k));
  }
}

void Array::set_dimensions(std::int64_t count, const std::string &name) {
  if (count > max_dimensions) {
    raise_value_error(name + " has " + std::to_string(count) + " dimensions, more than " +
                      std::to_string(max_dimensions));
  }
  dimensions = static_cast<int>(count);
}

Maps::Maps(const Array &array, std::int32_t layout, const std::string &name) {
  if (array.dimensions < 3) {
    raise_value_error(name + " has " + std::to_string(array.dimensions) + " dimensions; a batch " +
                      (layout == SPP_LAYOUT_NHWC ? "is (N, H, W, C), one map (H, W, C)"
                                                 : "is (N, C, H, W), one map (C, H, W)"));
  }
  const int first = array.dimensions - 3;
  const bool planes = layout == SPP_LAYOUT_NCHW;
  const int row = planes ? first + 1 : first;
  const int column = row + 1;
  const int channel = planes ? first : first + 2;
  count = first == 1 ? array.shape[0] : 1;
  height = array.shape[row];
  width = array.shape[column];
  channels = array.shape[channel];
  strides[0] = first == 1 ? array.strides[0] : 0;
  strides[1] = array.strides[row];
  strides[2] = array.strides[column];
  strides[3] = array.strides[channel];
}
