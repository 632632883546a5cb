#include "array.hpp"

#include <algorithm>
#include <utility>

#include "errors.hpp"
#include "numbers.hpp"

using namespace nb::literals;

namespace {

bool is_true(nb::handle object) {
  const int truth = PyObject_IsTrue(object.ptr());
  if (truth < 0) throw nb::python_error();
  return truth != 0;
}

bool is_torch_tensor(nb::handle object) {
  const nb::object torch = nb::module_::import_("sys").attr("modules").attr("get")("torch");
  return nb::hasattr(torch, "Tensor") && nb::isinstance(object, torch.attr("Tensor"));
}

// What to read an array from that is written.  Only capsules of DLPack 1 and later say whether an array
// is read-only; without one it counts as that, as for NumPy: JAX's arrays are, and have no such capsule.
// PyTorch's tensors never are, and had none for long.
nb::object writable(nb::handle source, const std::string &name) {
  if (!nb::hasattr(source, "__dlpack__") || is_torch_tensor(source)) return nb::borrow(source);
  nb::object capsule;
  try {
    capsule = source.attr("__dlpack__")("max_version"_a = nb::make_tuple(1, 0));
  } catch (nb::python_error &error) {
    if (!error.matches(PyExc_TypeError) && !error.matches(PyExc_BufferError)) throw;
  }
  if (!capsule.is_valid() || PyCapsule_IsValid(capsule.ptr(), "dltensor_versioned") == 0) {
    raise_type_error(name + " is " + printed(source.type()) +
                     ", whose DLPack capsule does not say that it can be written to");
  }
  return capsule;
}

}  // namespace

Memory::Memory(std::uintptr_t address, std::string dtype_name, const nb::tuple &shape_of,
               const nb::tuple &strides_of)
    : data(reinterpret_cast<void *>(address)), dtype(std::move(dtype_name)) {
  const std::size_t count = shape_of.size();
  if (count > max_dimensions || count != strides_of.size()) {
    raise_value_error("shape has " + std::to_string(count) + " dimensions, strides " +
                      std::to_string(strides_of.size()) + "; there are at most " +
                      std::to_string(max_dimensions));
  }
  dimensions = static_cast<int>(count);
  for (std::size_t k = 0; k < count; ++k) {
    shape[k] = nb::cast<std::int64_t>(shape_of[k]);
    strides[k] = nb::cast<std::int64_t>(strides_of[k]);
  }
}

Array::Array(nb::handle source, const std::string &name, const Use &use) {
  if (PyArray_Check(source.ptr())) {
    owner_ = nb::borrow(source);
    read_numpy(reinterpret_cast<PyArrayObject *>(source.ptr()), name, use);
  } else if (nb::isinstance<Memory>(source)) {
    owner_ = nb::borrow(source);
    read_memory(*nb::inst_ptr<Memory>(source), name, use);
  } else {
    read_tensor(source, name, use);
  }
  // The stride of a dimension with one entry says nothing; the library would refuse a negative one.
  for (int k = 0; k < dimensions; ++k) {
    if (shape[k] == 1 && strides[k] < 0) strides[k] = 0;
  }
  refuse_negative_strides(name, use);
}

void Array::read_numpy(PyArrayObject *array, const std::string &name, const Use &use) {
  if (use.writes && !PyArray_ISWRITEABLE(array)) raise_value_error(name + " is read-only");
  type = &element_type_of(PyArray_DESCR(array), use.types, name);
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

void Array::read_memory(const Memory &memory, const std::string &name, const Use &use) {
  type = &element_type_named(memory.dtype.c_str(), use.types, name);
  dimensions = memory.dimensions;
  data = memory.data;
  std::copy_n(memory.shape, dimensions, shape);
  std::copy_n(memory.strides, dimensions, strides);
}

void Array::read_tensor(nb::handle source, const std::string &name, const Use &use) {
  // An array without the gradient that its owner expects would be a silent loss.
  if (nb::hasattr(source, "requires_grad") && is_true(source.attr("requires_grad"))) {
    raise_type_error(name + " requires a gradient: use libspp.torch, or pass " + name +
                     ".detach()");
  }
  bool understood = nb::try_cast(use.writes ? writable(source, name) : nb::borrow(source), tensor_);
  if (!understood && !use.writes) {
    nb::ndarray<nb::ro> constant;
    understood = nb::try_cast(source, constant);
    tensor_ = nb::ndarray<>(constant);
  }
  if (!understood) {
    raise_type_error(name + " is " + printed(source.type()) +
                     (use.writes ? ": not an array of this machine's memory that can be written to"
                                 : ": not an array of this machine's memory (NumPy, DLPack or the "
                                   "buffer protocol)"));
  }
  if (tensor_.device_type() != nb::device::cpu::value) {
    raise_type_error(name + " is in the memory of a device (DLPack device type " +
                     std::to_string(tensor_.device_type()) + "), not of the CPU");
  }
  type = &element_type_of(tensor_.dtype(), use.types, name);
  set_dimensions(static_cast<std::int64_t>(tensor_.ndim()), name);
  data = tensor_.data();
  for (int k = 0; k < dimensions; ++k) {
    shape[k] = static_cast<std::int64_t>(tensor_.shape(static_cast<std::size_t>(k)));
    strides[k] = tensor_.stride(static_cast<std::size_t>(k));
  }
}

void Array::refuse_negative_strides(const std::string &name, const Use &use) const {
  for (int k = 0; k < dimensions; ++k) {
    if (strides[k] >= 0 || shape[k] == 0) continue;  // of size 0: the library says what is wrong
    raise_value_error(name + " has the stride " + std::to_string(strides[k]) + " along dimension " +
                      std::to_string(k) + "; none may be negative" +
                      (use.writes ? "" : ": np.ascontiguousarray(" + name + ") makes a copy"));
  }
}

void Array::set_dimensions(std::int64_t count, const std::string &name) {
  if (count > Memory::max_dimensions) {
    raise_value_error(name + " has " + std::to_string(count) + " dimensions, more than " +
                      std::to_string(Memory::max_dimensions));
  }
  dimensions = static_cast<int>(count);
}
