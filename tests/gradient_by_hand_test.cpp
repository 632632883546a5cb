// Gradients whose sums are known without computing them (docs/values.md, section 4).

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/arrays.hpp"
#include "support/pooling.hpp"

namespace {

struct Hand {
  std::vector<spp_level> levels;
  std::vector<float> gradients;
  std::vector<std::int64_t> positions;
  std::vector<float> wanted;  // of a map of 2 x 2 with one channel
};

void expect_by_hand(Hand hand) {
  const Pooling pooling(options_for(hand.levels));
  const spp_gradient gradient = gradient_of(hand.gradients);
  const spp_argmax argmax = argmax_of(hand.positions);
  spp_batch maps = {};
  maps.struct_size = sizeof maps;
  maps.count = 1;
  maps.height = maps.width = 2;
  maps.channels = 1;
  std::vector<float> found(4, 9.0F);
  ASSERT_EQ(spp_backward(pooling, &gradient, &argmax, &maps, found.data(), nullptr), SPP_OK)
      << spp_last_error();
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(found[k], hand.wanted[k]) << k;
    EXPECT_EQ(std::signbit(found[k]), std::signbit(hand.wanted[k])) << k;
  }
}

// 2^24 + 1 is no float: what is added first decides.
TEST(GradientsByHand, TheOrderIsThatOfTheLevels) {
  constexpr float large = 16777216.0F;
  expect_by_hand({square({1, 2}), {1, large, 5, 6, 7}, {3, 3, 0, 1, 3}, {5, 6, 0, large + 8}});
  expect_by_hand({square({1, 2}), {large, 1, 5, 6, 1}, {3, 3, 0, 1, 3}, {5, 6, 0, large}});
  expect_by_hand({square({2, 1}), {1, 5, 6, 1, large}, {3, 0, 1, 3, 3}, {5, 6, 0, large + 2}});
}

// Rows of regions add one after the other, whatever their windows.
TEST(GradientsByHand, RegionsAddInTheirOrder) {
  constexpr float large = 16777216.0F;
  const std::vector<spp_region> regions = {
      {1, 0, 0, 1, 1}, {0, 0, 0, 2, 1}, {1, 0, 1, 2, 1}, {1, 0, 0, 2, 2}};
  std::vector<std::int32_t> positions = {3, 0, 3, 3};
  const Pooling pooling(options_for(square({1})));
  const auto expect = [&](const std::vector<float> &gradients, float last) {
    const spp_gradient gradient = gradient_of(gradients);
    const spp_argmax argmax = argmax_of(positions);
    spp_batch maps = {};
    maps.struct_size = sizeof maps;
    maps.count = maps.height = maps.width = 2;
    maps.channels = 1;
    std::vector<float> found(8, 9.0F);
    ASSERT_EQ(spp_backward_regions(pooling, &gradient, &argmax, &maps, regions.data(), 4,
                                   found.data(), nullptr),
              SPP_OK)
        << spp_last_error();
    EXPECT_EQ(found, (std::vector<float>{5, 0, 0, 0, 0, 0, 0, last}));
  };
  expect({1, 5, 1, large}, large + 2);
  expect({large, 5, 1, 1}, large);
}

TEST(GradientsByHand, ZerosHaveNoSign) {
  expect_by_hand({square({1, 2}), {-0.0F, -0.0F, 2, -2, 0}, {3, 0, 1, 1, -1}, {0, 0, 0, 0}});
}

}  // namespace
