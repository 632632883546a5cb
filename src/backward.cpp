#include "backward.hpp"

#include <algorithm>
#include <atomic>
#include <cinttypes>

#include "arguments.hpp"
#include "call.hpp"
#include "dispatch.hpp"
#include "distinct.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "gradient_part.hpp"
#include "gradient_writer.hpp"
#include "partition.hpp"
#include "positions.hpp"
#include "rows.hpp"
#include "status.hpp"

namespace spp {
namespace {

constexpr std::int64_t line_bytes = 64;

// How a call is cut: runs of whole maps, or some channels of one map.
class Shares {
 public:
  Shares(const Images &images, std::int64_t element_size, std::int64_t threads)
      : images_(images.count()), channels_(images.channels()), unit_(line_bytes / element_size) {
    if (threads == 1) return;
    const std::int64_t wanted = most_parts(threads);
    maps_ = std::min(images_, wanted);
    // Runs of several lines in a pixel are written faster than single lines.
    constexpr std::int64_t least_lines = 4;
    const std::int64_t most = std::max<std::int64_t>(1, channels_ / (unit_ * least_lines));
    if (images_ < wanted) parts_ = std::min(most, (wanted + images_ - 1) / images_);
  }

  std::int64_t count() const { return maps_ * parts_; }

  void get(std::int64_t index, Span &images, Span &channels) const {
    const std::int64_t map = index / parts_;
    const std::int64_t part = index % parts_;
    images = {part_start(images_, maps_, map), part_start(images_, maps_, map + 1)};
    const std::int64_t units = (channels_ + unit_ - 1) / unit_;
    channels = {part_start(units, parts_, part) * unit_,
                std::min(channels_, part_start(units, parts_, part + 1) * unit_)};
  }

 private:
  std::int64_t images_;
  std::int64_t channels_;
  std::int64_t unit_;  // channels in a cache line
  std::int64_t maps_ = 1;
  std::int64_t parts_ = 1;
};

struct Backward {
  const Pooling &pooling;
  const Images &images;
  Rows gradients;
  Positions positions;
  std::int64_t bytes;  // of all maps
  Shares shares;
  std::int64_t scratch_bytes;
  char *scratch = nullptr;
  std::int32_t *narrow = nullptr;  // wide positions copied, if they are not too large
  std::atomic<bool> positions_fit{true};

  const char *positions_of(std::int64_t k) const {
    if (narrow != nullptr)
      return reinterpret_cast<const char *>(narrow + k * positions.rows.length);
    return positions.rows.data + k * positions.rows.row_stride * (positions.wide ? 8 : 4);
  }
};

void check_share(void *context, std::int64_t index) {
  Backward &call = *static_cast<Backward *>(context);
  Span images{};
  Span channels{};
  call.shares.get(index, images, channels);
  // One of the parts of a map looks at its whole row.
  if (channels.first == 0 &&
      !positions_are_valid(*call.pooling.tier->gradients, call.images, call.positions, images.first,
                           images.last, call.narrow))
    call.positions_fit.store(false, std::memory_order_relaxed);
}

void write_share(void *context, std::int64_t index) {
  const DefaultFloatEnvironment environment;
  Backward &call = *static_cast<Backward *>(context);
  const auto element_size = static_cast<std::int64_t>(call.pooling.element->size);
  Span images{};
  Span channels{};
  call.shares.get(index, images, channels);
  GradientWriter writer(call.pooling, call.bytes);
  for (std::int64_t k = images.first; k < images.last; ++k) {
    const Image valid = call.images[k];
    const Image whole = call.images.whole(k);
    writer.write({call.pooling, call.gradients.data + k * call.gradients.row_stride * element_size,
                  call.positions_of(k), call.positions.wide && call.narrow == nullptr,
                  call.images.channels(), channels.first, channels.last, whole,
                  const_cast<char *>(whole.data), valid.height, valid.width,
                  call.scratch + index * call.scratch_bytes, call.scratch_bytes});
  }
}

spp_status read_gradient(const Pooling &pooling, const Images &images, const spp_gradient *given,
                         Rows &rows) {
  spp_gradient known;
  SPP_RETURN_IF_FAILED(read_struct("gradient", given, known));
  return read_rows(
      pooling, images,
      {"gradient", known.data, known.capacity, known.row_stride, pooling.element->size}, rows);
}

std::int64_t gradient_bytes(const Images &images, std::int64_t element_size) {
  std::int64_t bytes = 0;
  for (std::int64_t k = 0; k < images.count(); ++k)
    bytes += image_bytes(images.whole(k), images.channels(), element_size);
  return bytes;
}

spp_status run(const Execution &execution, std::int64_t count, spp_task task, Backward &call) {
  if (count != 1) return run_tasks(execution, count, task, &call);
  task(&call, 0);
  return SPP_OK;
}

}  // namespace

spp_status backward(const Pooling &pooling, const spp_gradient *given_gradient,
                    const spp_argmax *given_argmax, const Images &images,
                    const spp_execution *given_execution) {
  const DefaultFloatEnvironment environment;
  const NumberKind kind = pooling.element->kind;
  if (kind != NumberKind::ieee_float && kind != NumberKind::bfloat)
    return fail(SPP_ERROR_UNSUPPORTED,
                "options->element_type of the handle is %s; integers have no gradient",
                pooling.element->name);
  Execution execution;
  spp_report *report = nullptr;
  SPP_RETURN_IF_FAILED(read_execution(pooling, given_execution, execution, report));
  Rows gradients;
  Positions positions{};
  SPP_RETURN_IF_FAILED(read_gradient(pooling, images, given_gradient, gradients));
  std::int64_t index_size = 0;
  SPP_RETURN_IF_FAILED(read_positions(pooling, images, given_argmax, positions.rows, index_size));
  positions.wide = index_size == 8;
  if (images.count() == 0) {
    write_report(report, SPP_TIER_AUTO, 0);
    return SPP_OK;
  }
  SPP_RETURN_IF_FAILED(check_distinct(pooling, images));
  SPP_RETURN_IF_FAILED(check_apart(images, "map_gradients of map", "gradient", gradients));
  SPP_RETURN_IF_FAILED(check_apart(images, "map_gradients of map", "argmax", positions.rows));

  const auto element_size = static_cast<std::int64_t>(pooling.element->size);
  const std::int64_t bytes = gradient_bytes(images, element_size);
  const std::int64_t threads =
      bytes < serial_bytes ? 1 : std::min(available_threads(execution), most_threads);
  Backward call{pooling,
                images,
                gradients,
                positions,
                bytes,
                Shares(images, element_size, threads),
                GradientWriter::scratch_bytes(pooling, images.channels())};
  const std::int64_t count = call.shares.count();
  const bool narrows = positions.wide && images.first_of_wide_positions() < 0;
  const std::int64_t pieces_bytes = count * call.scratch_bytes;
  const std::int64_t bytes_in_all =
      pieces_bytes + (narrows ? images.count() * positions.rows.length * 4 : 0);
  const ScratchCache::Block block = pooling.scratch.take(static_cast<std::size_t>(bytes_in_all));
  if (!block)
    return fail(SPP_ERROR_OUT_OF_MEMORY, "out of memory: %" PRId64 " bytes of scratch",
                bytes_in_all);
  call.scratch = block.data();
  if (narrows) call.narrow = reinterpret_cast<std::int32_t *>(call.scratch + pieces_bytes);
  SPP_RETURN_IF_FAILED(run(execution, count, check_share, call));
  if (!call.positions_fit) return refuse_positions(images, positions);
  SPP_RETURN_IF_FAILED(run(execution, count, write_share, call));
  write_report(report, pooling.tier->id, count);
  return SPP_OK;
}

}  // namespace spp
