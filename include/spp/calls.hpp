// What <spp/spp.hpp> makes of its arguments for the C functions, and how it makes the calls.
// Include <spp/spp.hpp>.
#ifndef SPP_CALLS_HPP
#define SPP_CALLS_HPP

#include <spp.h>

#include <cstdint>
#include <exception>
#include <spp/types.hpp>
#include <string>
#include <vector>

namespace spp {
inline namespace v0 {
namespace detail {

// `levels` are those of the options, and have to live as long as the result.
inline spp_options c_options(const Options &options, const std::vector<spp_level> &levels) {
  spp_options description{};
  description.struct_size = sizeof description;
  description.levels = levels.data();
  description.level_count = static_cast<std::int64_t>(levels.size());
  description.bin_rule = static_cast<std::int32_t>(options.bin_rule);
  description.order = static_cast<std::int32_t>(options.order);
  description.element_type = static_cast<std::int32_t>(options.element_type);
  description.layout = static_cast<std::int32_t>(options.layout);
  description.nan_policy = static_cast<std::int32_t>(options.nan_policy);
  description.empty_policy = static_cast<std::int32_t>(options.empty_policy);
  description.tier = static_cast<std::int32_t>(options.tier);
  description.thread_limit = options.thread_limit;
  return description;
}

inline spp_batch c_batch(const Batch &maps) noexcept {
  spp_batch batch{};
  batch.struct_size = sizeof batch;
  batch.data = maps.data;
  batch.count = maps.count;
  batch.height = maps.height;
  batch.width = maps.width;
  batch.channels = maps.channels;
  batch.strides = maps.strides;
  batch.valid_heights = maps.valid_heights;
  batch.valid_widths = maps.valid_widths;
  return batch;
}

template <typename T>
std::int64_t count_of(const std::vector<T> &all) noexcept {
  return static_cast<std::int64_t>(all.size());
}

// A vector of so many elements, not negative; Error if there is no such vector.
template <typename T>
std::vector<T> new_vector(std::int64_t count) {
  if (static_cast<std::uint64_t>(count) > std::vector<T>().max_size())
    throw Error(Status::overflow,
                (std::to_string(count) + " elements are more than a vector can have").c_str());
  return std::vector<T>(static_cast<std::size_t>(count));
}

inline const spp_map *c_maps(const std::vector<Map> &maps) noexcept {
  return maps.empty() ? nullptr : maps.front().c_map();
}

// One call's way to its executor, and what that threw: no exception may cross the C function.
struct Bridge {
  const Executor &executor;
  std::exception_ptr thrown{};

  static std::int32_t run(void *context, spp_task task, void *task_context,
                          std::int64_t count) noexcept {
    auto &bridge = *static_cast<Bridge *>(context);
    try {
      bridge.executor(Task(task, task_context), count);
      return 0;
    } catch (...) {
      bridge.thrown = std::current_exception();
      return 1;
    }
  }
};

template <typename Call>
Report run(const Execution &execution, const Call &call) {
  spp_report report{};
  report.struct_size = sizeof report;

  Bridge bridge{execution.executor};
  spp_execution how{};
  how.struct_size = sizeof how;
  how.thread_limit = execution.thread_limit;
  how.report = &report;
  if (execution.executor) {
    how.executor = &Bridge::run;
    how.executor_context = &bridge;
  }

  const spp_status status = call(how);
  if (bridge.thrown) std::rethrow_exception(bridge.thrown);
  check(status);
  return {static_cast<Tier>(report.tier), report.tasks};
}

template <typename Call>
Report run(const Output &output, const Execution &execution, const Call &call) {
  spp_output rows{};
  rows.struct_size = sizeof rows;
  rows.data = output.data;
  rows.capacity = output.capacity;
  rows.row_stride = output.row_stride;
  return run(execution, [&](const spp_execution &how) { return call(rows, how); });
}

}  // namespace detail
}  // namespace v0
}  // namespace spp

#endif
