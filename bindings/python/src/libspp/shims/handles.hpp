// What the shims of all frameworks share: the handle for a description in numbers.
#ifndef LIBSPP_SHIMS_HANDLES_HPP
#define LIBSPP_SHIMS_HANDLES_HPP

#include <spp.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace libspp {

// Pooling.numbers of the Python package: bin rule, order, layout, NaN and empty policy, then rows and
// columns of each level; all in the numbers of spp.h.
constexpr std::size_t rule_count = 5;

struct Described {
  const spp_pooling *pooling;  // NULL: refused, and the sentence says why
  std::string sentence;
};

// The handle for a description and an element type.  Handles live as long as the process: there are
// as many as the program has descriptions, and its compiled functions may run until the end.
inline const Described &described(const std::int32_t *numbers, std::size_t count,
                                  std::int32_t element_type) {
  static std::mutex *const mutex = new std::mutex;
  static auto *const known = new std::map<std::vector<std::int32_t>, Described>;
  std::vector<std::int32_t> key(numbers, numbers + count);
  key.push_back(element_type);
  const std::lock_guard<std::mutex> lock(*mutex);
  const auto found = known->find(key);
  if (found != known->end()) return found->second;

  std::vector<spp_level> levels;
  for (std::size_t k = rule_count; k + 1 < count; k += 2) {
    levels.push_back({numbers[k], numbers[k + 1]});
  }
  spp_options options = {};
  options.struct_size = sizeof options;
  options.levels = levels.data();
  options.level_count = static_cast<std::int64_t>(levels.size());
  options.bin_rule = numbers[0];
  options.order = numbers[1];
  options.layout = numbers[2];
  options.nan_policy = numbers[3];
  options.empty_policy = numbers[4];
  options.element_type = element_type;
  spp_pooling *pooling = nullptr;
  std::string sentence;
  if (spp_pooling_create(&options, &pooling) != SPP_OK) sentence = spp_last_error();
  return known->emplace(std::move(key), Described{pooling, sentence}).first->second;
}

// A dense batch from the last three sizes in the order of the layout.
inline spp_batch dense_batch(const void *data, std::int64_t count, const std::int64_t *sizes,
                             std::int32_t layout) {
  const bool planes = layout == SPP_LAYOUT_NCHW;
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = data;
  batch.count = count;
  batch.height = sizes[planes ? 1 : 0];
  batch.width = sizes[planes ? 2 : 1];
  batch.channels = sizes[planes ? 0 : 2];
  return batch;
}

inline spp_execution with_threads(std::int32_t threads) {
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  execution.thread_limit = threads;
  return execution;
}

}  // namespace libspp

#endif
