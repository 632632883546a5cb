// How a call describes vectors without gaps and maps that lie side by side.
#ifndef SPP_TESTS_SUPPORT_ARRAYS_HPP
#define SPP_TESTS_SUPPORT_ARRAYS_HPP

#include <cstdint>
#include <vector>

#include "spp.h"

inline spp_batch batch_of(const void *data, std::int64_t count, std::int64_t height,
                          std::int64_t width, std::int64_t channels) {
  return {sizeof(spp_batch), data, count, height, width, channels, nullptr, nullptr, nullptr};
}

template <typename T>
spp_output output_of(std::vector<T> &rows) {
  return {sizeof(spp_output), rows.data(), static_cast<std::int64_t>(rows.size()), 0};
}

template <typename T>
spp_gradient gradient_of(const std::vector<T> &rows) {
  return {sizeof(spp_gradient), rows.data(), static_cast<std::int64_t>(rows.size()), 0};
}

template <typename Index>
spp_argmax argmax_of(std::vector<Index> &positions) {
  static_assert(sizeof(Index) == 4 || sizeof(Index) == 8);
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = positions.data();
  argmax.capacity = static_cast<std::int64_t>(positions.size());
  argmax.index_type = sizeof(Index) == 4 ? SPP_INDEX_I32 : SPP_INDEX_I64;
  return argmax;
}

#endif
