#include "pooling.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "arguments.hpp"
#include "dispatch.hpp"
#include "edges.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "pieces.hpp"
#include "status.hpp"

namespace spp {
namespace {

constexpr const char *bin_rule_names[] = {"rounded", "adaptive", "roi"};
constexpr const char *order_names[] = {"bins_channels", "channels_bins"};
constexpr const char *layout_names[] = {"NHWC", "NCHW"};
constexpr const char *nan_names[] = {"propagate", "ignore"};
constexpr const char *empty_names[] = {"error", "lowest", "zero"};

template <std::size_t Count>
spp_status check_enum(const char *name, std::int32_t value, const char *const (&)[Count]) {
  if (value >= 0 && value < static_cast<std::int32_t>(Count)) return SPP_OK;
  return fail(SPP_ERROR_INVALID_ARGUMENT, "options->%s is %d, which is not one of its values", name,
              static_cast<int>(value));
}

spp_status check_levels(const spp_options &options) {
  if (options.level_count < 1 || options.level_count > SPP_MAX_LEVELS)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "options->level_count is %lld, not from 1 to %d",
                static_cast<long long>(options.level_count), SPP_MAX_LEVELS);
  if (options.levels == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "options->levels is NULL");
  std::int64_t bins = 0;
  for (std::int64_t k = 0; k < options.level_count; ++k) {
    const spp_level level = options.levels[k];
    if (level.rows < 1 || level.rows > SPP_MAX_SIDE || level.columns < 1 ||
        level.columns > SPP_MAX_SIDE)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "options->levels[%lld] is %d x %d bins; each side is from 1 to %d",
                  static_cast<long long>(k), static_cast<int>(level.rows),
                  static_cast<int>(level.columns), SPP_MAX_SIDE);
    bins += std::int64_t{level.rows} * level.columns;
  }
  if (bins > SPP_MAX_BINS)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "options->levels have %lld bins in all, more than %d",
                static_cast<long long>(bins), static_cast<int>(SPP_MAX_BINS));
  return SPP_OK;
}

spp_status check_options(const spp_options &options) {
  SPP_RETURN_IF_FAILED(check_levels(options));
  SPP_RETURN_IF_FAILED(check_enum("bin_rule", options.bin_rule, bin_rule_names));
  SPP_RETURN_IF_FAILED(check_enum("order", options.order, order_names));
  SPP_RETURN_IF_FAILED(check_enum("layout", options.layout, layout_names));
  SPP_RETURN_IF_FAILED(check_enum("nan_policy", options.nan_policy, nan_names));
  SPP_RETURN_IF_FAILED(check_enum("empty_policy", options.empty_policy, empty_names));
  if (options.element_type < 0 || options.element_type >= element_type_count)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "options->element_type is %d, which is not one of its values",
                static_cast<int>(options.element_type));
  if (options.thread_limit < 0)
    return fail(SPP_ERROR_INVALID_ARGUMENT, "options->thread_limit is %d, which is negative",
                static_cast<int>(options.thread_limit));
  return SPP_OK;
}

void add_levels(const spp_options &options, Pooling &pooling) {
  for (std::int64_t k = 0; k < options.level_count; ++k) {
    const spp_level level = options.levels[k];
    pooling.levels.push_back({level.rows, level.columns, pooling.bins});
    pooling.finest_first.push_back(static_cast<std::int32_t>(k));
    pooling.bins += std::int64_t{level.rows} * level.columns;
    pooling.row_sides += level.rows;
    pooling.column_sides += level.columns;
    pooling.finest_side = std::max({pooling.finest_side, level.rows, level.columns});
  }
  const auto bins = [&](std::int32_t k) {
    const Level &level = pooling.levels[static_cast<std::size_t>(k)];
    return std::int64_t{level.rows} * level.columns;
  };
  // Levels of equal size keep their order; std::stable_sort of GCC 12 is deprecated code to Clang.
  std::sort(pooling.finest_first.begin(), pooling.finest_first.end(),
            [&](std::int32_t a, std::int32_t b) {
              return bins(a) != bins(b) ? bins(a) > bins(b) : a < b;
            });
}

// Consecutive runs of `ratio` bins.
std::vector<Span> runs(std::int32_t count, std::int32_t ratio) {
  std::vector<Span> spans;
  for (std::int64_t i = 0; i < count; ++i) spans.push_back({i * ratio, (i + 1) * ratio});
  return spans;
}

void add_nestings(Pooling &pooling) {
  for (std::size_t k = 0; k < pooling.finest_first.size(); ++k) {
    const auto level_at = [&](std::size_t place) -> const Level & {
      return pooling.levels[static_cast<std::size_t>(pooling.finest_first[place])];
    };
    const Level &level = level_at(k);
    Nesting nesting;
    for (std::size_t l = k; l-- > 0 && nesting.source < 0;) {
      const Level &finer = level_at(l);
      if (finer.rows % level.rows != 0 || finer.columns % level.columns != 0) continue;
      nesting = {static_cast<std::int32_t>(l), runs(level.rows, finer.rows / level.rows),
                 runs(level.columns, finer.columns / level.columns)};
    }
    pooling.has_many_readers |= k != 0 && nesting.source < 0;
    pooling.nestings.push_back(std::move(nesting));
  }
}

std::string describe(const spp_options &options, const Pooling &pooling) {
  std::string text = pooling.element->name;
  text.append(" ").append(layout_names[options.layout]).append(", levels");
  for (const Level &level : pooling.levels)
    text.append(" ")
        .append(std::to_string(level.rows))
        .append("x")
        .append(std::to_string(level.columns));
  text.append(" (").append(std::to_string(pooling.bins)).append(" bins), ");
  text.append(bin_rule_names[options.bin_rule]).append(" bins, order ");
  text.append(order_names[options.order]).append(", NaN ");
  text.append(nan_names[options.nan_policy]).append(", empty ");
  text.append(empty_names[options.empty_policy]).append(", tier ");
  text.append(pooling.tier->name).append(", threads ");
  text.append(options.thread_limit == 0 ? "unlimited" : std::to_string(options.thread_limit));
  return text;
}

}  // namespace

spp_status make_pooling(const spp_options *given, Pooling **result) {
  if (result == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "pooling is NULL");
  *result = nullptr;
  spp_options options;
  SPP_RETURN_IF_FAILED(read_struct("options", given, options));
  SPP_RETURN_IF_FAILED(check_options(options));
  try {
    auto pooling = std::make_unique<Pooling>();
    SPP_RETURN_IF_FAILED(choose_tier(options.tier, &pooling->tier));
    add_levels(options, *pooling);
    add_nestings(*pooling);
    pooling->bin_rule = options.bin_rule;
    pooling->order = options.order;
    pooling->layout = options.layout;
    pooling->nan_policy = options.nan_policy;
    pooling->empty_policy = options.empty_policy;
    pooling->thread_limit = options.thread_limit;
    pooling->element = &element_types[options.element_type];
    pooling->fits_stack = fits_stack(*pooling);
    pooling->description = describe(options, *pooling);
    *result = pooling.release();
    return SPP_OK;
  } catch (const std::bad_alloc &) {
    return fail(SPP_ERROR_OUT_OF_MEMORY, "out of memory for a pooling of %lld levels",
                static_cast<long long>(options.level_count));
  }
}

void fill_rectangles(const Pooling &pooling, std::int64_t height, std::int64_t width,
                     spp_rectangle *rectangles) {
  const DefaultFloatEnvironment environment;
  for (const Level &level : pooling.levels)
    for (std::int32_t i = 0; i < level.rows; ++i) {
      const Span rows = bin_span(pooling.bin_rule, whole_axis(height), level.rows, i);
      for (std::int32_t j = 0; j < level.columns; ++j) {
        const Span columns = bin_span(pooling.bin_rule, whole_axis(width), level.columns, j);
        *rectangles++ = {rows.first, columns.first, rows.last, columns.last};
      }
    }
}

}  // namespace spp
