// Calls allocate nothing once the handle has worked: this program counts what its process takes
// from the heap.  Alone in its program because it replaces malloc and its relatives (glibc lets a
// program do that; __libc_malloc and the others are the originals).

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "spp.h"
#include "support/execution.hpp"

extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *memory, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void *memory);
}

namespace {

thread_local std::int64_t allocations = 0;

template <typename T>
T counted(T memory) {
  ++allocations;
  return memory;
}

}  // namespace

extern "C" {
void *malloc(std::size_t size) { return counted(__libc_malloc(size)); }
void *calloc(std::size_t count, std::size_t size) { return counted(__libc_calloc(count, size)); }
void *realloc(void *memory, std::size_t size) { return counted(__libc_realloc(memory, size)); }
void *memalign(std::size_t alignment, std::size_t size) {
  return counted(__libc_memalign(alignment, size));
}
void *aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void **memory, std::size_t alignment, std::size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void *memory) { __libc_free(memory); }
}

namespace {

int failures = 0;

struct Size {
  std::int64_t count, height, width, channels;
};

class Caller {
 public:
  explicit Caller(const spp_options &options) { spp_pooling_create(&options, &pooling_); }
  ~Caller() { spp_pooling_destroy(pooling_); }
  Caller(const Caller &) = delete;
  Caller &operator=(const Caller &) = delete;

  // Makes calls of this size, also with positions or backward,; returns what it allocated, or -1 if it failed.
  std::int64_t allocations_of(const Size &size, spp_executor executor, bool backward = false) {
    spp_batch batch = {};
    batch.struct_size = sizeof batch;
    batch.data = input_.data();
    batch.count = size.count;
    batch.height = size.height;
    batch.width = size.width;
    batch.channels = size.channels;
    spp_output output = {};
    output.struct_size = sizeof output;
    output.data = output_.data();
    output.capacity = static_cast<std::int64_t>(output_.size());
    spp_execution execution = {};
    execution.struct_size = sizeof execution;
    execution.thread_limit = executor == nullptr ? 1 : 3;
    execution.executor = executor;
    spp_argmax argmax = {};
    argmax.struct_size = sizeof argmax;
    argmax.data = positions_.data();
    argmax.capacity = static_cast<std::int64_t>(positions_.size());
    const std::int64_t before = allocations;
    spp_status status = SPP_OK;
    if (backward) {
      status = run_backward(batch, execution);
    } else {
      status = spp_pool(pooling_, &batch, &output, &execution);
      if (status == SPP_OK)
        status = spp_pool_argmax(pooling_, &batch, &output, &argmax, &execution);
    }
    return status == SPP_OK ? allocations - before : -1;
  }

 private:
  // The rows as their own gradient, all of it for the first cell; then the same maps as a list.
  spp_status run_backward(const spp_batch &batch, const spp_execution &execution) {
    spp_gradient gradient = {};
    gradient.struct_size = sizeof gradient;
    gradient.data = output_.data();
    gradient.capacity = static_cast<std::int64_t>(output_.size());
    spp_argmax argmax = {};
    argmax.struct_size = sizeof argmax;
    argmax.data = positions_.data();
    argmax.capacity = static_cast<std::int64_t>(positions_.size());
    const spp_status status =
        spp_backward(pooling_, &gradient, &argmax, &batch, input_.data(), &execution);
    spp_map maps[16];
    void *places[16];
    for (std::int64_t k = 0; k < batch.count; ++k) {
      maps[k] = {sizeof(spp_map), nullptr, batch.height, batch.width, nullptr};
      places[k] = input_.data() + k * batch.height * batch.width * batch.channels;
    }
    return status != SPP_OK ? status
                            : spp_backward_ragged(pooling_, &gradient, &argmax, maps, batch.count,
                                                  batch.channels, places, &execution);
  }

  spp_pooling *pooling_ = nullptr;
  std::vector<float> input_ = std::vector<float>(1 << 22);
  std::vector<float> output_ = std::vector<float>(1 << 20);
  std::vector<std::int64_t> positions_ = std::vector<std::int64_t>(1 << 20);
};

// The first call may allocate; the same one again, and the ones after it, of new sizes, may not.
void expect_none(const spp_options &options, const std::vector<Size> &sizes,
                 spp_executor executor) {
  Caller caller(options);
  caller.allocations_of(sizes[0], executor);
  for (const Size &size : sizes) {
    // Backward calls copy positions and have scratch for each piece: of a size seen before.
    std::int64_t found = caller.allocations_of(size, executor);
    caller.allocations_of(size, executor, true);
    if (found == 0) found = caller.allocations_of(size, executor, true);
    if (found == 0) continue;
    ++failures;
    std::printf(
        "%lld allocations (-1: failed) in a call of %lldx%lldx%lldx%lld, rule %d, order %d\n",
        static_cast<long long>(found), static_cast<long long>(size.count),
        static_cast<long long>(size.height), static_cast<long long>(size.width),
        static_cast<long long>(size.channels), options.bin_rule, options.order);
  }
}

}  // namespace

int main() {
  // That the counter counts.
  const std::int64_t before = allocations;
  {
    std::vector<int> memory(100);
    int *volatile seen = memory.data();  // else Clang does without the allocation
    static_cast<void>(seen);
  }
  if (allocations == before) {
    std::printf("allocations are not counted\n");
    return 1;
  }

  const std::vector<std::vector<spp_level>> pyramids = {
      {{1, 1}, {2, 2}, {4, 4}}, {{1, 1}, {2, 2}, {3, 3}, {4, 4}}, {{12, 14}}};
  for (const std::vector<spp_level> &levels : pyramids) {
    for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
      for (const std::int32_t order : {SPP_ORDER_BINS_CHANNELS, SPP_ORDER_CHANNELS_BINS}) {
        spp_options options = {};
        options.struct_size = sizeof options;
        options.levels = levels.data();
        options.level_count = static_cast<std::int64_t>(levels.size());
        options.bin_rule = bin_rule;
        options.order = order;
        options.empty_policy = SPP_EMPTY_LOWEST;
        // Sizes not seen before: other maps, up to as large as the first.
        expect_none(options,
                    {{1, 56, 56, 256},
                     {1, 13, 13, 256},
                     {1, 38, 50, 128},
                     {4, 7, 7, 64},
                     {1, 1, 1, 1},
                     {3, 20, 21, 100},
                     {1, 55, 57, 255},
                     {2, 300, 2, 33}},
                    nullptr);
        expect_none(options, {{1, 56, 56, 256}, {16, 13, 13, 256}, {1, 55, 57, 255}}, in_order);
      }
    }
  }
  return failures == 0 ? 0 : 1;
}
