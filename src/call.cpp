#include "call.hpp"

#include <algorithm>
#include <cinttypes>

#include "arguments.hpp"
#include "dispatch.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "grid.hpp"
#include "parallel.hpp"
#include "pieces.hpp"
#include "status.hpp"

namespace spp {
namespace {

spp_status read_execution(const Pooling &pooling, const spp_execution *given, Execution &execution,
                          spp_report *&report) {
  execution.thread_limit = pooling.thread_limit;
  report = nullptr;
  if (given == nullptr) return SPP_OK;
  spp_execution known;
  SPP_RETURN_IF_FAILED(read_struct("execution", given, known));
  if (known.thread_limit < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "execution->thread_limit is %d, which is negative",
                static_cast<int>(known.thread_limit));
  if (known.reserved != 0)
    return fail(SPP_ERROR_UNSUPPORTED, "execution->reserved is %d; this version takes only 0",
                static_cast<int>(known.reserved));
  if (known.report != nullptr) {
    spp_report ignored;
    SPP_RETURN_IF_FAILED(read_struct("execution->report", known.report, ignored));
  }
  if (known.thread_limit != 0) execution.thread_limit = known.thread_limit;
  execution.executor = known.executor;
  execution.executor_context = known.executor_context;
  report = known.report;
  return SPP_OK;
}

// What a caller says of rows that a call writes: `what` names the struct, `element_size` is in bytes.
struct GivenRows {
  const char *what;
  void *data;
  std::int64_t capacity;
  std::int64_t row_stride;
  std::int64_t element_size;
};

spp_status read_rows(const Pooling &pooling, const Images &images, const GivenRows &given,
                     Rows &rows) {
  const char *const what = given.what;
  std::int64_t length = 0;
  if (__builtin_mul_overflow(pooling.bins, images.channels(), &length))
    return fail(SPP_ERROR_OVERFLOW,
                "the output length overflows 64 bits (%" PRId64 " bins, %" PRId64 " channels)",
                pooling.bins, images.channels());
  if (given.row_stride != 0 && given.row_stride < length)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "%s->row_stride is %" PRId64 ", less than the %" PRId64 " elements of a row", what,
                given.row_stride, length);
  if (given.capacity < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->capacity is %" PRId64 ", which is negative", what,
                given.capacity);
  rows.row_stride = given.row_stride == 0 ? length : given.row_stride;
  rows.data = static_cast<char *>(given.data);
  if (images.count() == 0) return SPP_OK;
  std::int64_t needed = 0;
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(images.count() - 1, rows.row_stride, &needed) ||
      __builtin_add_overflow(needed, length, &needed) ||
      __builtin_mul_overflow(needed, given.element_size, &bytes))
    return fail(SPP_ERROR_OVERFLOW,
                "%s->row_stride of %" PRId64 " times %" PRId64 " rows overflows 64 bits", what,
                rows.row_stride, images.count());
  if (given.data == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "%s->data is NULL", what);
  if (reinterpret_cast<std::uintptr_t>(given.data) %
          static_cast<std::uintptr_t>(given.element_size) !=
      0)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "%s->data is %p, not aligned to its %" PRId64 "-byte elements", what, given.data,
                given.element_size);
  if (given.capacity < needed)
    return fail(SPP_ERROR_OUTPUT_TOO_SMALL,
                "%s->capacity is %" PRId64 ", but %" PRId64 " rows need %" PRId64 " elements", what,
                given.capacity, images.count(), needed);
  rows.last = rows.data + bytes;
  return SPP_OK;
}

spp_status read_output(const Pooling &pooling, const Images &images, const spp_output *given,
                       Output &output) {
  spp_output known;
  SPP_RETURN_IF_FAILED(read_struct("output", given, known));
  return read_rows(pooling, images,
                   {"output", known.data, known.capacity, known.row_stride,
                    static_cast<std::int64_t>(pooling.element->size)},
                   output);
}

spp_status read_argmax(const Pooling &pooling, const Images &images, const spp_argmax *given,
                       Output &output) {
  spp_argmax known;
  SPP_RETURN_IF_FAILED(read_struct("argmax", given, known));
  if (known.index_type != SPP_INDEX_I64 && known.index_type != SPP_INDEX_I32)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "argmax->index_type is %d, which is not one of its values",
                static_cast<int>(known.index_type));
  if (known.reserved != 0)
    return fail(SPP_ERROR_UNSUPPORTED, "argmax->reserved is %d; this version takes only 0",
                static_cast<int>(known.reserved));
  output.position_size = known.index_type == SPP_INDEX_I32 ? 4 : 8;
  const std::int64_t sizes =
      images.same_size() ? std::min<std::int64_t>(images.count(), 1) : images.count();
  for (std::int64_t k = 0; k < sizes && output.position_size == 4; ++k) {
    const Image image = images[k];
    if (image.has_wide_positions())
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "argmax->index_type is SPP_INDEX_I32, but map %" PRId64 " has rows of %" PRId64
                  " cells and %" PRId64 " rows, more than 2^31 cells",
                  k, image.map_width, image.height);
  }
  return read_rows(pooling, images,
                   {"argmax", known.data, known.capacity, known.row_stride, output.position_size},
                   output.positions);
}

// A map overlaps rows if the range from its first to its last element does.
spp_status check_overlap(const Images &images, const char *what, const Rows &rows) {
  const auto first_written = reinterpret_cast<std::uintptr_t>(rows.data);
  const auto last_written = reinterpret_cast<std::uintptr_t>(rows.last);
  for (std::int64_t k = 0; k < images.count(); ++k) {
    std::uintptr_t first = 0;
    std::uintptr_t last = 0;
    images.extent(k, first, last);
    if (first < last_written && first_written < last)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "%s->data at %p overlaps the elements of map %" PRId64 " at %p", what,
                  static_cast<void *>(rows.data), k, reinterpret_cast<void *>(first));
  }
  return SPP_OK;
}

spp_status check_overlaps(const Images &images, const Output &output) {
  SPP_RETURN_IF_FAILED(check_overlap(images, "output", output));
  if (output.position_size == 0) return SPP_OK;
  const Rows &positions = output.positions;
  if (positions.data < output.last && output.data < positions.last)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "argmax->data at %p overlaps output->data at %p",
                static_cast<void *>(positions.data), static_cast<void *>(output.data));
  return check_overlap(images, "argmax", positions);
}

spp_status check_empty_bins(const Pooling &pooling, std::int64_t image, std::int64_t height,
                            std::int64_t width) {
  for (std::size_t k = 0; k < pooling.levels.size(); ++k) {
    const Level &level = pooling.levels[k];
    if (level.rows <= height && level.columns <= width) continue;  // never empty
    const std::int64_t empty = count_empty_bins(pooling, level, height, width);
    if (empty != 0)
      return fail(SPP_ERROR_EMPTY_BIN,
                  "map %" PRId64 " is %" PRId64 " x %" PRId64
                  " cells: level %zu (%d x %d) has %" PRId64
                  " empty bins, and the empty policy is SPP_EMPTY_ERROR",
                  image, height, width, k, static_cast<int>(level.rows),
                  static_cast<int>(level.columns), empty);
  }
  return SPP_OK;
}

spp_status check_empty_bins(const Pooling &pooling, const Images &images) {
  if (pooling.empty_policy != SPP_EMPTY_ERROR || pooling.bin_rule != SPP_BINS_ROUNDED)
    return SPP_OK;
  const std::int64_t sizes = images.same_size() ? 1 : images.count();
  for (std::int64_t k = 0; k < sizes; ++k) {
    const Image image = images[k];
    if (pooling.finest_side <= image.height && pooling.finest_side <= image.width) continue;
    SPP_RETURN_IF_FAILED(check_empty_bins(pooling, k, image.height, image.width));
  }
  return SPP_OK;
}

void write_report(spp_report *report, std::int32_t tier, std::int64_t tasks) {
  if (report == nullptr) return;
  report->tier = tier;
  report->tasks = tasks;
}

}  // namespace

spp_status pool(const Pooling &pooling, const Images &images, const spp_output *given_output,
                const spp_argmax *given_argmax, const spp_execution *given_execution) {
  const DefaultFloatEnvironment environment;  // for the float32 geometry
  Execution execution;
  spp_report *report = nullptr;
  SPP_RETURN_IF_FAILED(read_execution(pooling, given_execution, execution, report));
  Output output{};
  SPP_RETURN_IF_FAILED(read_output(pooling, images, given_output, output));
  if (given_argmax != nullptr)
    SPP_RETURN_IF_FAILED(read_argmax(pooling, images, given_argmax, output));
  if (images.count() == 0) {
    write_report(report, SPP_TIER_AUTO, 0);
    return SPP_OK;
  }
  SPP_RETURN_IF_FAILED(check_overlaps(images, output));
  SPP_RETURN_IF_FAILED(check_empty_bins(pooling, images));
  std::int32_t tier = SPP_TIER_AUTO;
  std::int64_t tasks = 0;
  SPP_RETURN_IF_FAILED(run_pieces(pooling, images, output, execution, tier, tasks));
  write_report(report, tier, tasks);
  return SPP_OK;
}

}  // namespace spp
