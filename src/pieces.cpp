#include "pieces.hpp"

#include <algorithm>
#include <atomic>

#include "dispatch.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "partition.hpp"
#include "piece_runner.hpp"
#include "status.hpp"

namespace spp {
namespace {

void run_task(void *context, std::int64_t index) {
  const DefaultFloatEnvironment environment;
  run_piece(*static_cast<Call *>(context), index);
}

std::int64_t input_bytes(const Images &images, std::int64_t element_size) {
  if (images.same_size())
    return images.count() * image_bytes(images[0], images.channels(), element_size);
  std::int64_t bytes = 0;
  for (std::int64_t k = 0; k < images.count(); ++k)
    bytes += image_bytes(images[k], images.channels(), element_size);
  return bytes;
}

}  // namespace

spp_status run_pieces(const Pooling &pooling, const Images &images, const Output &output,
                      const Execution &execution, std::int32_t &tier, std::int64_t &tasks) {
  const auto element_size = static_cast<std::int64_t>(pooling.element->size);
  const std::int64_t bytes = input_bytes(images, element_size);
  const std::int64_t threads =
      bytes < serial_bytes ? 1 : std::min(available_threads(execution), most_threads);
  const std::int64_t position_size = output.position_size == 0               ? 0
                                     : images.first_of_wide_positions() >= 0 ? 8
                                                                             : 4;
  const KernelTable &kernels = position_size == 0   ? *pooling.tier->kernels
                               : position_size == 4 ? *pooling.tier->argmax_kernels
                                                    : wide_argmax_kernels;
  const Kernel kernel = kernels.rows[pooling.element->id].kernels[pooling.nan_policy];
  const Piece whole{0, images.count(), 0, 1, 0};
  Call call{pooling,       images, output,  element_size, pooling.element->log2_size,
            position_size, bytes,  threads, &whole,       kernel};
  std::int64_t count = 1;
  ScratchCache::Block block;
  if (CallMemory::is_needed(pooling, position_size, bytes, threads)) {
    CallMemory memory(pooling, images, element_size, position_size, bytes, threads);
    block = pooling.scratch.take(static_cast<std::size_t>(memory.total()));
    if (!block)
      return fail(SPP_ERROR_OUT_OF_MEMORY, "out of memory: %lld bytes of scratch",
                  static_cast<long long>(memory.total()));
    memory.place(block.data(), call);
    count = memory.pieces();
  }
  if (count == 1)
    run_piece(call, 0);
  else
    SPP_RETURN_IF_FAILED(run_tasks(execution, count, run_task, &call));
  tier = call.tier.load(std::memory_order_relaxed);
  tasks = count;
  return SPP_OK;
}

}  // namespace spp
