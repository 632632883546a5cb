#include "call.hpp"

#include <cinttypes>

#include "arguments.hpp"
#include "dispatch.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "grid.hpp"
#include "parallel.hpp"
#include "pieces.hpp"
#include "regions.hpp"
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
                       Rows &rows) {
  spp_output known;
  SPP_RETURN_IF_FAILED(read_struct("output", given, known));
  return read_rows(pooling, images,
                   {"output", known.data, known.capacity, known.row_stride, pooling.element->size},
                   rows);
}

spp_status check_overlaps(const Images &images, const Output &output) {
  SPP_RETURN_IF_FAILED(check_apart(images, "the elements of map", "output", output.rows));
  if (output.position_size == 0) return SPP_OK;
  const Rows &positions = output.positions;
  if (positions.data < output.rows.last && output.rows.data < positions.last)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "argmax->data at %p overlaps output->data at %p",
                static_cast<const void *>(positions.data),
                static_cast<const void *>(output.rows.data));
  return check_apart(images, "the elements of map", "argmax", positions);
}

spp_status check_empty_bins(const Pooling &pooling, const char *noun, std::int64_t image,
                            std::int64_t height, std::int64_t width) {
  for (std::size_t k = 0; k < pooling.levels.size(); ++k) {
    const Level &level = pooling.levels[k];
    if (level.rows <= height && level.columns <= width) continue;  // never empty
    const std::int64_t empty = count_empty_bins(pooling, level, height, width);
    if (empty != 0)
      return fail(SPP_ERROR_EMPTY_BIN,
                  "%s %" PRId64 " is %" PRId64 " x %" PRId64
                  " cells: level %zu (%d x %d) has %" PRId64
                  " empty bins, and the empty policy is SPP_EMPTY_ERROR",
                  noun, image, height, width, k, static_cast<int>(level.rows),
                  static_cast<int>(level.columns), empty);
  }
  return SPP_OK;
}

spp_status check_empty_bins(const Pooling &pooling, const Images &images) {
  if (pooling.empty_policy != SPP_EMPTY_ERROR || pooling.bin_rule != SPP_BINS_ROUNDED)
    return SPP_OK;
  for (std::int64_t k = 0; k < images.sizes(); ++k) {
    const Image image = images[k];
    if (pooling.finest_side <= image.height && pooling.finest_side <= image.width) continue;
    SPP_RETURN_IF_FAILED(check_empty_bins(pooling, images.noun(), k, image.height, image.width));
  }
  return SPP_OK;
}

}  // namespace

spp_status pool(const Pooling &pooling, const Images &images, const spp_output *given_output,
                const spp_argmax *given_argmax, const spp_execution *given_execution) {
  const DefaultFloatEnvironment environment;  // for the float32 geometry
  Execution execution;
  spp_report *report = nullptr;
  SPP_RETURN_IF_FAILED(read_execution(pooling, given_execution, execution, report));
  if (pooling.bin_rule == SPP_BINS_ROI && !images.are_regions())
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "options->bin_rule is SPP_BINS_ROI, which is for regions only");
  Output output{};
  SPP_RETURN_IF_FAILED(read_output(pooling, images, given_output, output.rows));
  if (given_argmax != nullptr)
    SPP_RETURN_IF_FAILED(
        read_positions(pooling, images, given_argmax, output.positions, output.position_size));
  if (images.count() == 0) {
    write_report(report, SPP_TIER_AUTO, 0);
    return SPP_OK;
  }
  SPP_RETURN_IF_FAILED(check_overlaps(images, output));
  SPP_RETURN_IF_FAILED(check_empty_bins(pooling, images));
  std::int32_t tier = SPP_TIER_AUTO;
  std::int64_t tasks = 0;
  bool done = false;
  if (images.are_regions())
    SPP_RETURN_IF_FAILED(
        pool_shared_regions(pooling, images, output, execution, done, tier, tasks));
  if (!done) SPP_RETURN_IF_FAILED(run_pieces(pooling, images, output, execution, tier, tasks));
  write_report(report, tier, tasks);
  return SPP_OK;
}

}  // namespace spp
