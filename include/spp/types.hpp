// The constants, errors and views that spp::Pooling works with.  Include <spp/spp.hpp>.
#ifndef SPP_TYPES_HPP
#define SPP_TYPES_HPP

#include <spp.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <vector>

namespace spp {

// The number grows whenever a type of these headers changes, so that objects compiled against
// different releases of them can meet in one process without sharing inline functions.
inline namespace v0 {

// ------------------------------------------------------------------------------------ constants

// Meanings and values are those of the constants in <spp.h>.

enum class Status : std::int32_t {
  ok = SPP_OK,
  invalid_argument = SPP_ERROR_INVALID_ARGUMENT,
  unsupported = SPP_ERROR_UNSUPPORTED,
  out_of_memory = SPP_ERROR_OUT_OF_MEMORY,
  empty_bin = SPP_ERROR_EMPTY_BIN,
  output_too_small = SPP_ERROR_OUTPUT_TOO_SMALL,
  overflow = SPP_ERROR_OVERFLOW,
  tier = SPP_ERROR_TIER,
  executor = SPP_ERROR_EXECUTOR,
  internal = SPP_ERROR_INTERNAL,
};

enum class BinRule : std::int32_t {
  rounded = SPP_BINS_ROUNDED,
  adaptive = SPP_BINS_ADAPTIVE,
  roi = SPP_BINS_ROI,  // regions only
};

enum class Order : std::int32_t {
  bins_channels = SPP_ORDER_BINS_CHANNELS,
  channels_bins = SPP_ORDER_CHANNELS_BINS,
};

enum class ElementType : std::int32_t {
  f32 = SPP_F32,
  f64 = SPP_F64,
  f16 = SPP_F16,
  bf16 = SPP_BF16,
  i8 = SPP_I8,
  u8 = SPP_U8,
  i16 = SPP_I16,
  i32 = SPP_I32,
  u16 = SPP_U16,
};

// Whether a C++ type can stand for an element type: the arithmetic type for float, double and the
// integers; for the 16-bit floating-point types std::uint16_t, or any class of two bytes that holds
// their bits.
template <typename T>
constexpr bool stands_for(ElementType type) noexcept {
  constexpr bool half = std::is_same_v<T, std::uint16_t> ||
                        (!std::is_integral_v<T> && !std::is_enum_v<T> && sizeof(T) == 2);
  switch (type) {
    case ElementType::f32:
      return std::is_same_v<T, float>;
    case ElementType::f64:
      return std::is_same_v<T, double>;
    case ElementType::f16:
    case ElementType::bf16:
      return half;
    case ElementType::i8:
      return std::is_same_v<T, std::int8_t>;
    case ElementType::u8:
      return std::is_same_v<T, std::uint8_t>;
    case ElementType::i16:
      return std::is_same_v<T, std::int16_t>;
    case ElementType::i32:
      return std::is_same_v<T, std::int32_t>;
    case ElementType::u16:
      return std::is_same_v<T, std::uint16_t>;
  }
  return false;
}

enum class Layout : std::int32_t {
  nhwc = SPP_LAYOUT_NHWC,
  nchw = SPP_LAYOUT_NCHW,
};

enum class NanPolicy : std::int32_t {
  propagate = SPP_NAN_PROPAGATE,
  ignore = SPP_NAN_IGNORE,
};

enum class EmptyPolicy : std::int32_t {
  error = SPP_EMPTY_ERROR,
  lowest = SPP_EMPTY_LOWEST,
  zero = SPP_EMPTY_ZERO,
};

enum class Tier : std::int32_t {
  automatic = SPP_TIER_AUTO,
  portable = SPP_TIER_PORTABLE,
  neon = SPP_TIER_NEON,
  avx2 = SPP_TIER_AVX2,
  avx512 = SPP_TIER_AVX512,
};

// --------------------------------------------------------------------------------------- errors

// A failed call.  what() is the library's sentence; it names the argument and its value.
class Error : public std::runtime_error {
 public:
  Error(Status status, const char *sentence) : std::runtime_error(sentence), status_(status) {}

  Status status() const noexcept { return status_; }

 private:
  Status status_;
};

// The C constant's name, "SPP_ERROR_EMPTY_BIN" and so on.
inline std::string_view status_name(Status status) noexcept {
  return spp_status_name(static_cast<spp_status>(status));
}

namespace detail {

inline void check(spp_status status) {
  if (status != SPP_OK) throw Error(static_cast<Status>(status), spp_last_error());
}

}  // namespace detail

// ---------------------------------------------------------------------------------- the library

// The version of the library that is running, "0.1.0"; this header's is SPP_VERSION_MAJOR, ...
inline std::string_view version() noexcept { return spp_version(); }

// "portable", "neon", "avx2", "avx512", "auto"; empty for a value that is none of them.
inline std::string_view tier_name(Tier tier) noexcept {
  const char *name = spp_tier_name(static_cast<std::int32_t>(tier));
  return name != nullptr ? name : std::string_view();
}

// Why this machine cannot run the tier; empty if it can.
inline std::string_view tier_refusal(Tier tier) noexcept {
  const char *reason = spp_tier_refusal(static_cast<std::int32_t>(tier));
  return reason != nullptr ? reason : std::string_view();
}

// Threads that a call from the calling thread may use.
inline int thread_count() noexcept { return spp_thread_count(); }

// ------------------------------------------------------------------------------ what to compute

// One level of the pyramid; a plain number n stands for n x n.  Sides from 1 to SPP_MAX_SIDE.
struct Level {
  constexpr Level(std::int32_t side) noexcept : rows(side), columns(side) {}
  constexpr Level(std::int32_t row_count, std::int32_t column_count) noexcept
      : rows(row_count), columns(column_count) {}

  std::int32_t rows;
  std::int32_t columns;
};

// The description of a Pooling.  Only the levels have no default.
struct Options {
  std::vector<Level> levels{};
  BinRule bin_rule = BinRule::rounded;
  Order order = Order::bins_channels;
  ElementType element_type = ElementType::f32;
  Layout layout = Layout::nhwc;
  NanPolicy nan_policy = NanPolicy::propagate;
  EmptyPolicy empty_policy = EmptyPolicy::error;
  Tier tier = Tier::automatic;
  std::int32_t thread_limit = 0;  // threads of one call at most; 0: as many as the arena has
};

// ----------------------------------------------------------------------------------------- maps

// A view of `count` maps of height x width x channels in one array.
struct Batch {
  const void *data = nullptr;  // elements of the Pooling's type; may be null if count is 0
  std::int64_t count = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  // null for an array without gaps, else the four strides {image, row, column, channel}, whatever
  // the layout; none negative, 0 repeats the same elements
  const std::int64_t *strides = nullptr;
  // null, or `count` sizes each for batches padded to one size: of image k only the top left
  // valid_heights[k] x valid_widths[k] cells are pooled
  const std::int64_t *valid_heights = nullptr;
  const std::int64_t *valid_widths = nullptr;
};

// A view of one map of a ragged batch: height x width cells.  The call says how many channels.
class Map {
 public:
  // strides: null for a map without gaps, else {row, column, channel}, as in Batch.
  constexpr Map(const void *data, std::int64_t height, std::int64_t width,
                const std::int64_t *strides = nullptr) noexcept
      : map_{sizeof(spp_map), data, height, width, strides} {}

  const spp_map *c_map() const noexcept { return &map_; }

 private:
  spp_map map_;
};

// An array of Map is handed to the C function as the array of spp_map that it is.
static_assert(sizeof(Map) == sizeof(spp_map) && std::is_standard_layout_v<Map>);

// A window of one map, in cells: {image, y, x, height, width}.
using Region = spp_region;

// Where the rows go, one per map in their order: `capacity` elements from `data` on may be written,
// at least (rows - 1) * row_stride + output_length(channels).  Must not overlap the input.
struct Output {
  void *data = nullptr;  // elements of the Pooling's type
  std::int64_t capacity = 0;
  std::int64_t row_stride = 0;  // from row to row; 0: the output length
};

// ------------------------------------------------------------------------------------ execution

// The pieces of a call's work: task(i) does piece i.  Pieces are independent.
class Task {
 public:
  Task(spp_task task, void *context) noexcept : task_(task), context_(context) {}

  void operator()(std::int64_t index) const noexcept { task_(context_, index); }

 private:
  spp_task task_;
  void *context_;
};

// A view of the caller's thread pool: a callable void(Task task, std::int64_t count) that runs
// task(i) exactly once for every i in [0, count), on any threads in any order, and returns when all
// have ended.  The serial one:
//
//     auto serial = [](spp::Task task, std::int64_t count) {
//       for (std::int64_t i = 0; i < count; ++i) task(i);
//     };
//     spp::Execution execution;
//     execution.executor = serial;
//
// Takes a variable and not a temporary, which would be gone before the call.  If several threads
// call with one callable at the same time, it has to allow that.
class Executor {
 public:
  constexpr Executor() noexcept = default;

  template <typename Callable,
            typename = std::enable_if_t<std::is_object_v<Callable> &&
                                        !std::is_same_v<std::remove_cv_t<Callable>, Executor> &&
                                        std::is_invocable_v<Callable &, Task, std::int64_t>>>
  Executor(Callable &callable) noexcept
      : callable_(const_cast<std::remove_cv_t<Callable> *>(std::addressof(callable))),
        run_([](void *erased, Task task, std::int64_t count) {
          (*static_cast<Callable *>(erased))(task, count);
        }) {}

  explicit operator bool() const noexcept { return run_ != nullptr; }

  void operator()(Task task, std::int64_t count) const { run_(callable_, task, count); }

 private:
  void *callable_ = nullptr;
  void (*run_)(void *, Task, std::int64_t) = nullptr;
};

// How to run one call.
struct Execution {
  std::int32_t thread_limit = 0;  // 0: the Pooling's limit; 1: all on the calling thread
  // Empty: oneTBB, in the calling thread's arena.  What the callable throws leaves the call as it
  // is; a callable that does not run every piece exactly once gives Status::executor.  After either
  // the content of the output rows is unspecified.
  Executor executor{};
};

// What a call did.
struct Report {
  Tier tier = Tier::automatic;  // of the code that ran; automatic if there were no maps
  std::int64_t tasks = 0;       // pieces of work; 1: all on the calling thread
};

}  // namespace v0
}  // namespace spp

#endif
