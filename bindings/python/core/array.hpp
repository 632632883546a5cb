// An array of any library: where its elements are.
#ifndef LIBSPP_ARRAY_HPP
#define LIBSPP_ARRAY_HPP

#include <spp.h>

#include <cstdint>
#include <string>

#include "element_types.hpp"

// Elements in the CPU's memory, as the interfaces to frameworks describe them whose own descriptions
// are slow to read.  Whoever makes one keeps the elements alive.
struct Memory {
  static constexpr int max_dimensions = 4;

  Memory(std::uintptr_t address, std::string dtype, const nb::tuple &shape,
         const nb::tuple &strides);

  void *data;
  std::string dtype;  // NumPy's name
  int dimensions;
  std::int64_t shape[max_dimensions];
  std::int64_t strides[max_dimensions];  // in elements
};

// What an array is for.
struct Use {
  bool writes;
  const ElementTypes &types;
};
constexpr Use read_elements{false, element_types};
constexpr Use write_elements{true, element_types};
constexpr Use read_gradients{false, gradient_types};
constexpr Use write_gradients{true, gradient_types};
constexpr Use read_positions{false, index_types};
constexpr Use write_positions{true, index_types};

struct Array {
  // A NumPy array, a Memory, or what speaks DLPack or the buffer protocol and lies in the CPU's
  // memory.  `name` begins the sentences of the exceptions.
  Array(nb::handle source, const std::string &name, const Use &use);

  void *data = nullptr;
  const ElementType *type = nullptr;
  int dimensions = 0;
  std::int64_t shape[Memory::max_dimensions] = {};
  std::int64_t strides[Memory::max_dimensions] = {};  // in elements

 private:
  void read_numpy(PyArrayObject *array, const std::string &name, const Use &use);
  void read_memory(const Memory &memory, const std::string &name, const Use &use);
  void read_tensor(nb::handle source, const std::string &name, const Use &use);
  void refuse_negative_strides(const std::string &name, const Use &use) const;
  void set_dimensions(std::int64_t count, const std::string &name);

  nb::object owner_;      // keeps the memory while the interpreter lock is released
  nb::ndarray<> tensor_;  // likewise, of arrays that are not NumPy's
};

#endif
