// Scenarios that differ in where their elements lie.
#ifndef SPP_TESTS_SUPPORT_SWEEP_HPP
#define SPP_TESTS_SUPPORT_SWEEP_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"

struct Shape {
  std::int64_t count, height, width, channels;
};

// All shapes x a few pyramids x both rules, with rotating data and policies.
template <typename Arrange>
void sweep(const TierTypeTest::ParamType &parameters, const std::vector<Shape> &shapes,
           Arrange &&arrange) {
  const std::vector<std::vector<spp_level>> pyramids = {
      square({1, 2, 4}), square({1, 2, 3, 4}), square({3}), {{1, 2}, {3, 4}}, square({12, 1})};
  int step = 0;
  for (const Shape &shape : shapes) {
    for (const std::vector<spp_level> &levels : pyramids) {
      for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
        ++step;
        Scenario scenario;
        scenario.recipe = {levels,
                           bin_rule,
                           step % 5 == 0 ? 1 : 0,
                           step % 3 == 0 ? 1 : 0,
                           SPP_EMPTY_LOWEST,
                           std::get<1>(parameters)};
        scenario.count = shape.count;
        scenario.height = shape.height;
        scenario.width = shape.width;
        scenario.channels = shape.channels;
        scenario.paint = static_cast<Paint>(step % paint_count);
        scenario.input_placement = static_cast<Placement>(step % placement_count);
        scenario.output_placement = static_cast<Placement>(step / 2 % placement_count);
        scenario.output_gap = step % 4 == 0 ? 3 : 0;
        arrange(scenario, step);
        ASSERT_TRUE(agrees(std::get<0>(parameters), scenario));
      }
    }
  }
}

// Lists of maps of different sizes; `arrange` gives the last two of the five their strides.
template <typename Arrange>
void sweep_ragged(const TierTypeTest::ParamType &parameters, std::int32_t layout,
                  Arrange &&arrange) {
  int step = 0;
  for (const std::vector<spp_level> &levels :
       {square({1, 2, 4}), square({1, 2, 3, 4}), square({6, 3}), square({14})}) {
    for (const std::int64_t channels : {1, 3, 8, 15, 16, 19, 32, 64, 100}) {
      for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
        ++step;
        RaggedScenario scenario;
        scenario.recipe = {levels,
                           bin_rule,
                           step % 3 == 0 ? 1 : 0,
                           step % 4 == 0 ? 1 : 0,
                           step % 7 == 0 ? SPP_EMPTY_ERROR : SPP_EMPTY_LOWEST,
                           std::get<1>(parameters),
                           layout};
        scenario.channels = channels;
        scenario.paint = static_cast<Paint>(step % paint_count);
        scenario.input_placement = static_cast<Placement>(step % placement_count);
        scenario.output_placement = static_cast<Placement>(step / 3 % placement_count);
        scenario.output_gap = step % 5 == 0 ? 2 : 0;
        scenario.maps = {{13, 20, {}}, {4, 4, {}}, {1, 1 + step % 5, {}}, {7, 3, {}}, {6, 9, {}}};
        arrange(scenario);
        scenario.maps.resize(static_cast<std::size_t>(1 + step % 5));
        ASSERT_TRUE(agrees(std::get<0>(parameters), scenario));
      }
    }
  }
}

inline std::vector<Shape> small_shapes() {
  std::vector<Shape> list;
  for (const std::int64_t channels : {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 65}) {
    list.push_back({1, 7, 7, channels});
    list.push_back({2, 5, 13, channels});
    list.push_back({3, 1, 4, channels});
    list.push_back({2, 13, 2, channels});
  }
  list.push_back({2, 20, 24, 128});
  list.push_back({1, 38, 50, 72});
  list.push_back({1, 56, 56, 96});
  list.push_back({1, 20, 20, 600});
  return list;
}

inline std::int64_t element_bytes(std::int32_t element_type) {
  return element_of(element_type).type.bytes;
}

// Elements from one island to the next.
inline std::int64_t island_stride(const Scenario &scenario) {
  return 2 * Islands::page_bytes() / element_bytes(scenario.recipe.element_type);
}

#endif
