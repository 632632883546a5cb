// An array of any library: where its elements are.
#ifndef LIBSPP_ARRAY_HPP
#define LIBSPP_ARRAY_HPP

#include <spp.h>

#include <cstdint>
#include <string>

#include "element_types.hpp"

// Elements in the CPU's memory: what an array is once it has been read.  In Python it stands for the
// tensors of libraries whose own descriptions are slow to read; whoever makes one keeps the tensor.
struct Memory {
  static constexpr int max_dimensions = 4;

  void *data = nullptr;
  const ElementType *type = nullptr;
  int dimensions = 0;
  std::int64_t shape[max_dimensions] = {};
  std::int64_t strides[max_dimensions] = {};  // in elements
};

// `dtype`: NumPy's name of the element type.
Memory describe_memory(std::uintptr_t address, const char *dtype, const nb::tuple &shape,
                       const nb::tuple &strides);

struct Array : Memory {
  // A NumPy array, a Memory, or what speaks DLPack or the buffer protocol and lies in the CPU's
  // memory.  `name` begins the sentences of the exceptions.
  Array(nb::handle source, const std::string &name, bool writable);

 private:
  void read_numpy(PyArrayObject *array, const std::string &name, bool writable);
  void read_tensor(nb::handle source, const std::string &name, bool writable);
  void set_dimensions(std::int64_t count, const std::string &name);

  nb::object owner_;      // keeps the memory while the interpreter lock is released
  nb::ndarray<> tensor_;  // likewise, of arrays that are not NumPy's
};

// The maps of an array: the sizes and strides of its 4 dimensions in the order of the layout, or of 3
// (then count is 1).
struct Maps {
  Maps(const Array &array, std::int32_t layout, const std::string &name);

  std::int64_t count, height, width, channels;
  std::int64_t strides[4];  // image, row, column, channel
};

#endif
