// The C ABI: every exported function, and nothing but the way from its arguments to src/.
#include <spp.h>

#include <algorithm>
#include <cinttypes>

#include "backward.hpp"
#include "call.hpp"
#include "dispatch.hpp"
#include "dlpack.hpp"
#include "edges.hpp"
#include "parallel.hpp"
#include "pooling.hpp"
#include "projections.hpp"
#include "status.hpp"

using spp::fail;

namespace {

constexpr const char *status_names[] = {
    "SPP_OK",
    "SPP_ERROR_INVALID_ARGUMENT",
    "SPP_ERROR_UNSUPPORTED",
    "SPP_ERROR_OUT_OF_MEMORY",
    "SPP_ERROR_EMPTY_BIN",
    "SPP_ERROR_OUTPUT_TOO_SMALL",
    "SPP_ERROR_OVERFLOW",
    "SPP_ERROR_TIER",
    "SPP_ERROR_EXECUTOR",
    "SPP_ERROR_INTERNAL",
};
constexpr std::int32_t status_count = sizeof status_names / sizeof *status_names;

#define SPP_TEXT_(value) #value
#define SPP_TEXT(value) SPP_TEXT_(value)

spp_status output_length(const spp_pooling *pooling, std::int64_t channels, std::int64_t *length) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  if (channels < 1)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "channels is %" PRId64 "; it is at least 1", channels);
  if (__builtin_mul_overflow(pooling->bins, channels, length))
    return fail(SPP_ERROR_OVERFLOW,
                "the output length overflows 64 bits (%" PRId64 " bins, channels is %" PRId64 ")",
                pooling->bins, channels);
  return SPP_OK;
}

spp_status check_room(const char *name, const void *buffer, std::int64_t capacity,
                      std::int64_t needed) {
  if (buffer == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "%s is NULL", name);
  if (capacity < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "capacity is %" PRId64 ", which is negative", capacity);
  if (capacity < needed)
    return fail(SPP_ERROR_OUTPUT_TOO_SMALL, "capacity is %" PRId64 ", but %s needs %" PRId64,
                capacity, name, needed);
  return SPP_OK;
}

spp_status check_pointers(const spp_pooling *pooling, const spp_argmax *argmax) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  if (argmax == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "argmax is NULL");
  return SPP_OK;
}

}  // namespace

const char *spp_status_name(spp_status status) {
  return status >= 0 && status < status_count ? status_names[status] : "unknown status";
}

const char *spp_last_error(void) { return spp::last_error(); }

spp_status spp_pooling_create(const spp_options *options, spp_pooling **pooling) {
  return spp::make_pooling(options, pooling);
}

void spp_pooling_destroy(spp_pooling *pooling) { delete pooling; }

int64_t spp_pooling_bin_count(const spp_pooling *pooling) {
  return pooling == nullptr ? 0 : pooling->bins;
}

spp_status spp_pooling_output_length(const spp_pooling *pooling, int64_t channels,
                                     int64_t *length) {
  std::int64_t result = 0;
  SPP_RETURN_IF_FAILED(output_length(pooling, channels, &result));
  if (length == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "length is NULL");
  *length = result;
  return SPP_OK;
}

spp_status spp_pooling_rectangles(const spp_pooling *pooling, int64_t height, int64_t width,
                                  spp_rectangle *rectangles, int64_t capacity) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  if (height < 1)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "height is %" PRId64 "; it is at least 1", height);
  if (width < 1)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "width is %" PRId64 "; it is at least 1", width);
  if (pooling->bin_rule == SPP_BINS_ROI && std::max(height, width) > spp::most_roi)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "height is %" PRId64 " and width %" PRId64
                "; windows of SPP_BINS_ROI have at most 2^32 cells along a side",
                height, width);
  SPP_RETURN_IF_FAILED(check_room("rectangles", rectangles, capacity, pooling->bins));
  spp::fill_rectangles(*pooling, height, width, rectangles);
  return SPP_OK;
}

spp_status spp_pooling_permutation(const spp_pooling *pooling, int64_t channels,
                                   int64_t *permutation, int64_t capacity) {
  std::int64_t length = 0;
  SPP_RETURN_IF_FAILED(output_length(pooling, channels, &length));
  SPP_RETURN_IF_FAILED(check_room("permutation", permutation, capacity, length));
  std::int64_t k = 0;
  for (const spp::Level &level : pooling->levels) {
    const std::int64_t bins = std::int64_t{level.rows} * level.columns;
    for (std::int64_t channel = 0; channel < channels; ++channel)
      for (std::int64_t bin = 0; bin < bins; ++bin)
        permutation[k++] = (level.first_bin + bin) * channels + channel;
  }
  return SPP_OK;
}

const char *spp_pooling_describe(const spp_pooling *pooling) {
  return pooling == nullptr ? "" : pooling->description.c_str();
}

int32_t spp_pooling_tier(const spp_pooling *pooling) {
  return pooling == nullptr ? static_cast<std::int32_t>(SPP_TIER_AUTO) : pooling->tier->id;
}

spp_status spp_pool(const spp_pooling *pooling, const spp_batch *maps, const spp_output *output,
                    const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::from_batch(*pooling, maps, images));
  return spp::pool(*pooling, images, output, nullptr, execution);
}

spp_status spp_pool_ragged(const spp_pooling *pooling, const spp_map *maps, int64_t count,
                           int64_t channels, const spp_output *output,
                           const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::from_list(*pooling, maps, count, channels, images));
  return spp::pool(*pooling, images, output, nullptr, execution);
}

spp_status spp_pool_argmax(const spp_pooling *pooling, const spp_batch *maps,
                           const spp_output *output, const spp_argmax *argmax,
                           const spp_execution *execution) {
  SPP_RETURN_IF_FAILED(check_pointers(pooling, argmax));
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::from_batch(*pooling, maps, images));
  return spp::pool(*pooling, images, output, argmax, execution);
}

spp_status spp_pool_ragged_argmax(const spp_pooling *pooling, const spp_map *maps, int64_t count,
                                  int64_t channels, const spp_output *output,
                                  const spp_argmax *argmax, const spp_execution *execution) {
  SPP_RETURN_IF_FAILED(check_pointers(pooling, argmax));
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::from_list(*pooling, maps, count, channels, images));
  return spp::pool(*pooling, images, output, argmax, execution);
}

spp_status spp_pool_regions(const spp_pooling *pooling, const spp_batch *maps,
                            const spp_region *regions, int64_t count, const spp_output *output,
                            const spp_argmax *argmax, const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::from_batch(*pooling, maps, images, "maps->", count != 0));
  SPP_RETURN_IF_FAILED(images.take_regions(*pooling, regions, count));
  return spp::pool(*pooling, images, output, argmax, execution);
}

spp_status spp_pool_regions_ragged(const spp_pooling *pooling, const spp_map *maps,
                                   int64_t map_count, int64_t channels, const spp_region *regions,
                                   int64_t count, const spp_output *output,
                                   const spp_argmax *argmax, const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(
      spp::Images::from_list(*pooling, maps, map_count, channels, images, "map_count", count != 0));
  SPP_RETURN_IF_FAILED(images.take_regions(*pooling, regions, count));
  return spp::pool(*pooling, images, output, argmax, execution);
}

spp_status spp_project_paper(const float *boxes, const int64_t *images, int64_t count, float stride,
                             int64_t height, int64_t width, spp_region *regions) {
  return spp::project_paper({boxes, images, count, regions}, stride, height, width);
}

spp_status spp_project_roi_pool(const float *boxes, const int64_t *images, int64_t count,
                                float spatial_scale, spp_region *regions) {
  return spp::project_roi_pool({boxes, images, count, regions}, spatial_scale);
}

spp_status spp_pool_dlpack(const spp_pooling *pooling, const void *tensor, const spp_output *output,
                           const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::images_of_tensor(*pooling, tensor, images));
  return spp::pool(*pooling, images, output, nullptr, execution);
}

spp_status spp_backward(const spp_pooling *pooling, const spp_gradient *gradient,
                        const spp_argmax *argmax, const spp_batch *maps, void *map_gradients,
                        const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::gradients_of_batch(*pooling, maps, map_gradients, images));
  return spp::backward(*pooling, gradient, argmax, images, execution);
}

spp_status spp_backward_ragged(const spp_pooling *pooling, const spp_gradient *gradient,
                               const spp_argmax *argmax, const spp_map *maps, int64_t count,
                               int64_t channels, void *const *map_gradients,
                               const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(
      spp::Images::gradients_of_list(*pooling, maps, count, channels, map_gradients, images));
  return spp::backward(*pooling, gradient, argmax, images, execution);
}

spp_status spp_backward_regions(const spp_pooling *pooling, const spp_gradient *gradient,
                                const spp_argmax *argmax, const spp_batch *maps,
                                const spp_region *regions, int64_t count, void *map_gradients,
                                const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::gradients_of_batch(*pooling, maps, map_gradients, images));
  SPP_RETURN_IF_FAILED(images.take_regions(*pooling, regions, count));
  return spp::backward(*pooling, gradient, argmax, images, execution);
}

spp_status spp_backward_regions_ragged(const spp_pooling *pooling, const spp_gradient *gradient,
                                       const spp_argmax *argmax, const spp_map *maps,
                                       int64_t map_count, int64_t channels,
                                       const spp_region *regions, int64_t count,
                                       void *const *map_gradients, const spp_execution *execution) {
  if (pooling == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  spp::Images images;
  SPP_RETURN_IF_FAILED(spp::Images::gradients_of_list(*pooling, maps, map_count, channels,
                                                      map_gradients, images, "map_count"));
  SPP_RETURN_IF_FAILED(images.take_regions(*pooling, regions, count));
  return spp::backward(*pooling, gradient, argmax, images, execution);
}

const char *spp_version(void) {
  return SPP_TEXT(SPP_VERSION_MAJOR) "." SPP_TEXT(SPP_VERSION_MINOR) "." SPP_TEXT(
      SPP_VERSION_PATCH);
}

const char *spp_tier_name(int32_t tier) {
  if (tier == SPP_TIER_AUTO) return "auto";
  const spp::Tier *found = spp::find_tier(tier);
  return found == nullptr ? nullptr : found->name;
}

const char *spp_tier_refusal(int32_t tier) {
  if (tier == SPP_TIER_AUTO) return spp::automatic_refusal();
  const spp::Tier *found = spp::find_tier(tier);
  return found == nullptr ? "there is no such tier" : spp::refusal(*found);
}

int32_t spp_thread_count(void) { return spp::arena_threads(); }
