// libspp for C++17: owning handles, views and exceptions over the C interface of <spp.h>.
//
//     spp::Options options;
//     options.levels = {1, 2, 4};                        // 1x1, 2x2 and 4x4: 21 bins
//     const spp::Pooling pooling(options);
//     // float features[13 * 20 * 256], rows of pixels, the channels of a pixel side by side
//     std::vector<float> vector = pooling.pool(spp::Batch{features, 1, 13, 20, 256});
//
// These headers only call the C functions; no C++ symbol of the library is involved.  A program
// built by one compiler or standard library therefore works with a library built by another.
//
// Values: docs/values.md.  Sizes and strides count elements, never bytes.
//
// Element types: Options::element_type says what the data pointers point to, float by default.  The
// functions that return a vector are templates over its element, and refuse one that does not stand
// for that type:
//
//     options.element_type = spp::ElementType::u8;
//     std::vector<std::uint8_t> vector = spp::Pooling(options).pool<std::uint8_t>(maps);
//
// Ownership: Pooling owns its handle.  Batch, Map, Output and Executor are views: they own nothing,
// and what they point to has to live until the call returns, not longer.
//
// Threads: a Pooling is immutable; any number of threads may call one object at the same time, as
// long as none moves, assigns or destroys it and their outputs differ.
//
// Errors: every failure is an spp::Error with the library's status and its sentence; the output is
// then untouched (but see Execution::executor).  The convenience functions that return a vector may
// also throw std::bad_alloc.
#ifndef SPP_SPP_HPP
#define SPP_SPP_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <spp/calls.hpp>
#include <spp/training.hpp>
#include <spp/types.hpp>
#include <string_view>
#include <type_traits>
#include <vector>

namespace spp {
inline namespace v0 {

// The cells [top, bottom) x [left, right) of a map; empty if top == bottom or left == right.
using Rectangle = spp_rectangle;

// Says what to compute, once; then pools maps of any size.  Can be moved, not copied.  A moved-from
// object can be assigned to or destroyed; its calls throw Status::invalid_argument.
class Pooling {
 public:
  // Reads the environment variable SPP_TIER if options.tier is Tier::automatic.
  explicit Pooling(const Options &options) : element_type_(options.element_type) {
    std::vector<spp_level> levels;
    for (const Level &level : options.levels) levels.push_back({level.rows, level.columns});
    const spp_options description = detail::c_options(options, levels);
    spp_pooling *handle = nullptr;
    detail::check(spp_pooling_create(&description, &handle));
    handle_.reset(handle);
  }

  // Pools every map of the batch into one output row.  Allocates nothing once warm.
  Report pool_into(const Batch &maps, const Output &output, const Execution &execution = {}) const {
    const spp_batch batch = detail::c_batch(maps);
    return detail::run(output, execution, [&](const spp_output &rows, const spp_execution &how) {
      return spp_pool(handle_.get(), &batch, &rows, &how);
    });
  }

  // Pools `count` maps of different sizes, all with `channels` channels, into one row each.
  Report pool_into(const Map *maps, std::int64_t count, std::int64_t channels, const Output &output,
                   const Execution &execution = {}) const {
    const spp_map *first = maps != nullptr ? maps->c_map() : nullptr;
    return detail::run(output, execution, [&](const spp_output &rows, const spp_execution &how) {
      return spp_pool_ragged(handle_.get(), first, count, channels, &rows, &how);
    });
  }

  Report pool_into(const std::vector<Map> &maps, std::int64_t channels, const Output &output,
                   const Execution &execution = {}) const {
    return pool_into(maps.data(), detail::count_of(maps), channels, output, execution);
  }

  // With the place of each maximum.
  Report pool_into(const Batch &maps, const Output &output, const Argmax &argmax,
                   const Execution &execution = {}) const {
    const spp_batch batch = detail::c_batch(maps);
    const spp_argmax positions = argmax.c_argmax();
    return detail::run(output, execution, [&](const spp_output &rows, const spp_execution &how) {
      return spp_pool_argmax(handle_.get(), &batch, &rows, &positions, &how);
    });
  }

  Report pool_into(const std::vector<Map> &maps, std::int64_t channels, const Output &output,
                   const Argmax &argmax, const Execution &execution = {}) const {
    const spp_map *first = detail::c_maps(maps);
    const spp_argmax positions = argmax.c_argmax();
    return detail::run(output, execution, [&](const spp_output &rows, const spp_execution &how) {
      return spp_pool_ragged_argmax(handle_.get(), first, detail::count_of(maps), channels, &rows,
                                    &positions, &how);
    });
  }

  // Pools windows of the maps of a batch into one output row each.
  Report pool_regions_into(const Batch &maps, const std::vector<Region> &regions,
                           const Output &output, const Execution &execution = {}) const {
    return pool_regions_into(maps, regions, output, nullptr, execution);
  }

  Report pool_regions_into(const Batch &maps, const std::vector<Region> &regions,
                           const Output &output, const Argmax &argmax,
                           const Execution &execution = {}) const {
    const spp_argmax positions = argmax.c_argmax();
    return pool_regions_into(maps, regions, output, &positions, execution);
  }

  // The same for maps of different sizes, all with `channels` channels.
  Report pool_regions_into(const std::vector<Map> &maps, std::int64_t channels,
                           const std::vector<Region> &regions, const Output &output,
                           const Execution &execution = {}) const {
    return pool_regions_into(maps, channels, regions, output, nullptr, execution);
  }

  Report pool_regions_into(const std::vector<Map> &maps, std::int64_t channels,
                           const std::vector<Region> &regions, const Output &output,
                           const Argmax &argmax, const Execution &execution = {}) const {
    const spp_argmax positions = argmax.c_argmax();
    return pool_regions_into(maps, channels, regions, output, &positions, execution);
  }

  // The same into a new vector of count * output_length(channels) elements, row after row.
  template <typename T = float>
  std::vector<T> pool(const Batch &maps, const Execution &execution = {}) const {
    std::vector<T> rows = new_rows<T>(maps.count, maps.channels);
    pool_into(maps, whole(rows), execution);
    return rows;
  }

  template <typename T = float>
  std::vector<T> pool(const std::vector<Map> &maps, std::int64_t channels,
                      const Execution &execution = {}) const {
    std::vector<T> rows = new_rows<T>(detail::count_of(maps), channels);
    pool_into(maps, channels, whole(rows), execution);
    return rows;
  }

  // The gradient of the maps from that of their rows.  `maps` says how the elements lie from
  // `map_gradients` on; its own data is not read and may be null.
  Report backward_into(const Gradient &gradient, const Argmax &argmax, const Batch &maps,
                       void *map_gradients, const Execution &execution = {}) const {
    const spp_batch batch = detail::c_batch(maps);
    const spp_gradient rows = gradient.c_gradient();
    const spp_argmax positions = argmax.c_argmax();
    return detail::run(execution, [&](const spp_execution &how) {
      return spp_backward(handle_.get(), &rows, &positions, &batch, map_gradients, &how);
    });
  }

  // The same for maps of different sizes; map k's gradient goes to map_gradients[k].
  Report backward_into(const Gradient &gradient, const Argmax &argmax, const std::vector<Map> &maps,
                       std::int64_t channels, void *const *map_gradients,
                       const Execution &execution = {}) const {
    const spp_map *first = detail::c_maps(maps);
    const spp_gradient rows = gradient.c_gradient();
    const spp_argmax positions = argmax.c_argmax();
    return detail::run(execution, [&](const spp_execution &how) {
      return spp_backward_ragged(handle_.get(), &rows, &positions, first, detail::count_of(maps),
                                 channels, map_gradients, &how);
    });
  }

  // The gradient of the maps from that of the rows of these regions, added in their order.
  Report backward_regions_into(const Gradient &gradient, const Argmax &argmax, const Batch &maps,
                               const std::vector<Region> &regions, void *map_gradients,
                               const Execution &execution = {}) const {
    const spp_batch batch = detail::c_batch(maps);
    const spp_gradient rows = gradient.c_gradient();
    const spp_argmax positions = argmax.c_argmax();
    return detail::run(execution, [&](const spp_execution &how) {
      return spp_backward_regions(handle_.get(), &rows, &positions, &batch, regions.data(),
                                  detail::count_of(regions), map_gradients, &how);
    });
  }

  Report backward_regions_into(const Gradient &gradient, const Argmax &argmax,
                               const std::vector<Map> &maps, std::int64_t channels,
                               const std::vector<Region> &regions, void *const *map_gradients,
                               const Execution &execution = {}) const {
    const spp_map *first = detail::c_maps(maps);
    const spp_gradient rows = gradient.c_gradient();
    const spp_argmax positions = argmax.c_argmax();
    return detail::run(execution, [&](const spp_execution &how) {
      return spp_backward_regions_ragged(handle_.get(), &rows, &positions, first,
                                         detail::count_of(maps), channels, regions.data(),
                                         detail::count_of(regions), map_gradients, &how);
    });
  }

  // The gradient of a batch without strides, as a new vector.
  template <typename T = float>
  std::vector<T> backward(const Gradient &gradient, const Argmax &argmax, const Batch &maps,
                          const Execution &execution = {}) const {
    check_element<T>();
    if (maps.strides != nullptr)
      throw Error(Status::invalid_argument, "maps.strides is set: a vector has no gaps");
    std::int64_t size = std::max<std::int64_t>(maps.count, 0);
    for (const std::int64_t side : {maps.height, maps.width, maps.channels}) {
      if (side > 0 && size > std::numeric_limits<std::int64_t>::max() / side)
        throw Error(Status::overflow, "the number of elements of the maps exceeds 64 bits");
      size *= std::max<std::int64_t>(side, 0);  // what is negative is for the call to refuse
    }
    std::vector<T> map_gradients = detail::new_vector<T>(size);
    backward_into(gradient, argmax, maps, map_gradients.data(), execution);
    return map_gradients;
  }

  ElementType element_type() const noexcept { return element_type_; }

  // Number of bins, the sum of rows * columns over the levels; 0 if moved from.
  std::int64_t bin_count() const noexcept { return spp_pooling_bin_count(handle_.get()); }

  // Elements of one output row: bins * channels.
  std::int64_t output_length(std::int64_t channels) const {
    std::int64_t length = 0;
    detail::check(spp_pooling_output_length(handle_.get(), channels, &length));
    return length;
  }

  // The rectangles of all bins of a height x width map in the order level, bin row, bin column.
  // Empty bins are no error here.
  std::vector<Rectangle> rectangles(std::int64_t height, std::int64_t width) const {
    std::vector<Rectangle> all(static_cast<std::size_t>(bin_count()));
    detail::check(spp_pooling_rectangles(handle_.get(), height, width, all.data(), bin_count()));
    return all;
  }

  // For each position k of a row in Order::channels_bins, the position of the same number in a row
  // in Order::bins_channels, whatever this object's own order:
  // channels_bins[k] == bins_channels[permutation[k]].
  std::vector<std::int64_t> permutation(std::int64_t channels) const {
    const std::int64_t length = output_length(channels);
    std::vector<std::int64_t> positions = detail::new_vector<std::int64_t>(length);
    detail::check(spp_pooling_permutation(handle_.get(), channels, positions.data(), length));
    return positions;
  }

  // One line that says what will run, for logs.  Valid as long as this object's handle.
  std::string_view describe() const noexcept { return spp_pooling_describe(handle_.get()); }

  Tier tier() const noexcept { return static_cast<Tier>(spp_pooling_tier(handle_.get())); }

  // The C handle, still owned by this object; null if moved from.
  const spp_pooling *c_handle() const noexcept { return handle_.get(); }

 private:
  struct Destroy {
    void operator()(spp_pooling *handle) const noexcept { spp_pooling_destroy(handle); }
  };

  Report pool_regions_into(const Batch &maps, const std::vector<Region> &regions,
                           const Output &output, const spp_argmax *positions,
                           const Execution &execution) const {
    const spp_batch batch = detail::c_batch(maps);
    return detail::run(output, execution, [&](const spp_output &rows, const spp_execution &how) {
      return spp_pool_regions(handle_.get(), &batch, regions.data(), detail::count_of(regions),
                              &rows, positions, &how);
    });
  }

  Report pool_regions_into(const std::vector<Map> &maps, std::int64_t channels,
                           const std::vector<Region> &regions, const Output &output,
                           const spp_argmax *positions, const Execution &execution) const {
    const spp_map *first = detail::c_maps(maps);
    return detail::run(output, execution, [&](const spp_output &rows, const spp_execution &how) {
      return spp_pool_regions_ragged(handle_.get(), first, detail::count_of(maps), channels,
                                     regions.data(), detail::count_of(regions), &rows, positions,
                                     &how);
    });
  }

  template <typename T>
  void check_element() const {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!stands_for<T>(element_type_)) {
      throw Error(Status::invalid_argument,
                  "the vector's element does not stand for the element type of the pooling");
    }
  }

  // A negative count is left for the call to refuse.
  template <typename T>
  std::vector<T> new_rows(std::int64_t count, std::int64_t channels) const {
    check_element<T>();
    const std::int64_t length = output_length(channels);
    if (count <= 0) return {};
    if (count > std::numeric_limits<std::int64_t>::max() / length) {
      throw Error(Status::overflow, "the number of maps times the output length exceeds 64 bits");
    }
    return detail::new_vector<T>(count * length);
  }

  template <typename T>
  static Output whole(std::vector<T> &rows) noexcept {
    return {rows.data(), detail::count_of(rows), 0};
  }

  ElementType element_type_;
  std::unique_ptr<spp_pooling, Destroy> handle_;
};

}  // namespace v0
}  // namespace spp

#endif
