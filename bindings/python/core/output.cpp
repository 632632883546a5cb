#include "output.hpp"

#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t line = 64;  // alignment, and the granularity of sizes

// The head of a piece of memory, in the line before its elements.
struct alignas(line) Block {
  std::size_t capacity;  // bytes behind the head

  void *elements() { return this + 1; }
};

class Store {
 public:
  // NULL if there is no memory.
  Block *take(std::size_t bytes) {
    const std::size_t capacity = (bytes + line - 1) / line * line;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      // The latest first: it is the likeliest to be in a cache.
      for (std::size_t k = kept_.size(); k-- > 0;) {
        if (kept_[k]->capacity >= capacity && kept_[k]->capacity / 2 <= capacity) return remove(k);
      }
    }
    void *memory = std::aligned_alloc(line, sizeof(Block) + capacity);
    return memory == nullptr ? nullptr : new (memory) Block{capacity};
  }

  void give_back(Block *block) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (block->capacity > most_bytes) return std::free(block);
    while (kept_.size() == most_blocks || kept_bytes_ + block->capacity > most_bytes) {
      std::free(remove(0));
    }
    kept_.push_back(block);  // never allocates: the constructor reserved
    kept_bytes_ += block->capacity;
  }

  Store() { kept_.reserve(most_blocks); }

 private:
  static constexpr std::size_t most_blocks = 16;
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

  Block *remove(std::size_t k) {
    Block *block = kept_[k];
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(k));
    kept_bytes_ -= block->capacity;
    return block;
  }

  std::mutex mutex_;
  std::vector<Block *> kept_;
  std::size_t kept_bytes_ = 0;
};

// Never destroyed: arrays may outlive everything else in the process.
Store &store() {
  static Store *const instance = new Store;
  return *instance;
}

void release(PyObject *capsule) {
  store().give_back(static_cast<Block *>(PyCapsule_GetPointer(capsule, nullptr)));
}

}  // namespace

nb::object new_array(PyArray_Descr *description, int dimensions, const std::int64_t *shape) {
  nb::object keeper = nb::steal(reinterpret_cast<PyObject *>(description));
  npy_intp sizes[NPY_MAXDIMS_LEGACY_ITERS] = {};
  std::int64_t bytes = PyDataType_ELSIZE(description);
  for (int k = 0; k < dimensions; ++k) {
    sizes[k] = shape[k];
    if (__builtin_mul_overflow(bytes, shape[k], &bytes)) throw std::bad_alloc();
  }
  Block *block = store().take(static_cast<std::size_t>(bytes));
  if (block == nullptr) throw std::bad_alloc();
  nb::object owner = nb::steal(PyCapsule_New(block, nullptr, release));
  if (!owner.is_valid()) {
    store().give_back(block);
    throw nb::python_error();
  }
  nb::object array = nb::steal(PyArray_NewFromDescr(
      &PyArray_Type, reinterpret_cast<PyArray_Descr *>(keeper.release().ptr()), dimensions, sizes,
      nullptr, block->elements(), NPY_ARRAY_CARRAY, nullptr));
  if (!array.is_valid()) throw nb::python_error();
  auto *numpy = reinterpret_cast<PyArrayObject *>(array.ptr());
  if (PyArray_SetBaseObject(numpy, owner.release().ptr()) < 0) throw nb::python_error();
  return array;
}

void *elements_of(const nb::object &array) {
  return PyArray_DATA(reinterpret_cast<PyArrayObject *>(array.ptr()));
}
