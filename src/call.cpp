#include "call.hpp"

#include <cinttypes>

#include "arguments.hpp"
#include "dispatch.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "grid.hpp"
#include "parallel.hpp"
#include "pieces.hpp"
#include "rows.hpp"
#include "status.hpp"

namespace spp {

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

void write_report(spp_report *report, std::int32_t tier, std::int64_t tasks) {
  if (report == nullptr) return;
  report->tier = tier;
  report->tasks = tasks;
}

namespace {

spp_status read_output(const Pooling &pooling, const Images &images, const spp_output *given,
                       Output &output) {
  spp_output known;
  SPP_RETURN_IF_FAILED(read_struct("output", given, known));
  Rows rows;
  SPP_RETURN_IF_FAILED(read_rows(
      pooling, images,
      {"output", known.data, known.capacity, known.row_stride, pooling.element->size}, rows));
  char *const data = static_cast<char *>(known.data);
  output = {data, data + (rows.last - rows.data), rows.row_stride};
  return SPP_OK;
}

// A map overlaps the output if the range from its first to its last element does.
spp_status check_overlap(const Images &images, const Output &output) {
  const auto first_written = reinterpret_cast<std::uintptr_t>(output.data);
  const auto last_written = reinterpret_cast<std::uintptr_t>(output.last);
  for (std::int64_t k = 0; k < images.count(); ++k) {
    std::uintptr_t first = 0;
    std::uintptr_t last = 0;
    images.extent(k, first, last);
    if (first < last_written && first_written < last)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "output->data at %p overlaps the elements of map %" PRId64 " at %p",
                  static_cast<void *>(output.data), k, reinterpret_cast<void *>(first));
  }
  return SPP_OK;
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

}  // namespace

spp_status pool(const Pooling &pooling, const Images &images, const spp_output *given_output,
                const spp_execution *given_execution) {
  const DefaultFloatEnvironment environment;  // for the float32 geometry
  Execution execution;
  spp_report *report = nullptr;
  SPP_RETURN_IF_FAILED(read_execution(pooling, given_execution, execution, report));
  Output output{};
  SPP_RETURN_IF_FAILED(read_output(pooling, images, given_output, output));
  if (images.count() == 0) {
    write_report(report, SPP_TIER_AUTO, 0);
    return SPP_OK;
  }
  SPP_RETURN_IF_FAILED(check_overlap(images, output));
  SPP_RETURN_IF_FAILED(check_empty_bins(pooling, images));
  std::int32_t tier = SPP_TIER_AUTO;
  std::int64_t tasks = 0;
  SPP_RETURN_IF_FAILED(run_pieces(pooling, images, output, execution, tier, tasks));
  write_report(report, tier, tasks);
  return SPP_OK;
}

}  // namespace spp
