// The values of docs/values.md, sections 1, 2 and 5, through the C ABI, on every tier: sweeps over
// sizes, pyramids and kinds of data in dense batches.  strides_test.cpp has the other layouts.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/pooling.hpp"
#include "support/scenario.hpp"

namespace {

const std::vector<std::vector<spp_level>> &pyramids() {
  static const std::vector<std::vector<spp_level>> list = {
      square({1}),
      square({2}),
      square({3}),
      square({1, 2, 4}),
      square({1, 2, 3, 4}),  // two levels that no other level contains
      square({1, 2, 3, 6}),
      square({6, 3, 2, 1}),
      square({4, 2, 1}),
      square({1, 1, 2, 2, 1}),
      square({1, 3, 5, 7}),
      square({7, 9}),
      square({12, 14}),  // rounded: gaps and overlaps of one cell
      square({6, 12}),   // nested at some sizes only
      square({4, 12}),
      square({7, 14, 2}),
      square({5, 1}),
      {{1, 3}, {2, 6}, {4, 1}},
      {{5, 2}, {1, 2}},
      {{3, 1}, {1, 3}},
      {{2, 3}, {4, 6}, {1, 1}},
      {{1, 13}, {11, 1}},
      square({8, 4, 2, 1}),
      square({18, 1}),
  };
  return list;
}

constexpr std::int32_t every_type = -1;

// Runs through the options that do not decide which code handles a size, so that each of their
// values meets many sizes.  The counts are multiplied by hand: no two advance together.
class Rotation {
 public:
  // One element type, or every_type: all in turn.
  explicit Rotation(std::int32_t element_type) : element_type_(element_type) {}

  Recipe recipe(std::size_t pyramid, std::int32_t bin_rule) {
    ++step_;
    Recipe recipe;
    recipe.levels = pyramids()[pyramid];
    recipe.bin_rule = bin_rule;
    recipe.order = static_cast<std::int32_t>(digit(2));
    recipe.nan_policy = static_cast<std::int32_t>(digit(2));
    recipe.element_type = element_type_ == every_type
                              ? static_cast<std::int32_t>(step_ % all_elements.size())
                              : element_type_;
    recipe.empty_policy = digit(9) == 0 ? SPP_EMPTY_ERROR : 1 + static_cast<std::int32_t>(digit(2));
    return recipe;
  }

  Scenario scenario(std::size_t pyramid, std::int32_t bin_rule, std::int64_t height,
                    std::int64_t width, std::int64_t channels) {
    Scenario scenario;
    scenario.recipe = recipe(pyramid, bin_rule);
    scenario.height = height;
    scenario.width = width;
    scenario.channels = channels;
    scenario.paint = static_cast<Paint>(digit(paint_count));
    scenario.input_placement = static_cast<Placement>(digit(placement_count));
    scenario.output_placement = static_cast<Placement>(digit(placement_count));
    return scenario;
  }

 private:
  // A number below `base`, from a linear congruential generator (Knuth's MMIX): its upper bits.
  std::uint32_t digit(std::uint32_t base) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL + step_;
    return static_cast<std::uint32_t>(state_ >> 33) % base;
  }

  std::int32_t element_type_;
  std::uint64_t step_ = 0;
  std::uint64_t state_ = 1;
};

class Values : public TierTypeTest {};

// Channels up to four of the widest registers, of 64 bytes, and one more.
TEST_P(Values, SmallMapsWithAnyNumberOfChannels) {
  Rotation rotation(element_type());
  const std::int64_t most_channels = 4 * 64 / element_of(element_type()).type.bytes + 1;
  const int turns = element_type() == SPP_F32 ? 8 : 3;
  for (std::int64_t height = 1; height <= 9; ++height) {
    for (std::int64_t width = 1; width <= 9; ++width) {
      for (std::int64_t channels = 1; channels <= most_channels;
           channels += channels < 66 ? 1 : 5) {
        for (int turn = 0; turn < turns; ++turn) {
          const auto pyramid =
              static_cast<std::size_t>((channels + 3 * width + 5 * height + 3 * turn) %
                                       static_cast<std::int64_t>(pyramids().size()));
          ASSERT_TRUE(
              agrees(tier(), rotation.scenario(pyramid, turn % 2, height, width, channels)));
        }
      }
    }
  }
}

// The same with every pyramid, on the channel counts around whole vectors.
TEST_P(Values, SmallMapsWithEveryPyramid) {
  Rotation rotation(element_type());
  for (std::size_t pyramid = 0; pyramid < pyramids().size(); ++pyramid) {
    for (std::int64_t height = 1; height <= 9; ++height) {
      for (std::int64_t width = 1; width <= 9; ++width) {
        for (const std::int64_t channels : {1, 3, 4, 8, 11, 16, 17, 33}) {
          for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
            ASSERT_TRUE(
                agrees(tier(), rotation.scenario(pyramid, bin_rule, height, width, channels)));
          }
        }
      }
    }
  }
}

TEST_P(Values, EveryKindOfDataUnderEveryPolicy) {
  for (int paint = 0; paint < paint_count; ++paint) {
    for (const std::int32_t nan_policy : {SPP_NAN_PROPAGATE, SPP_NAN_IGNORE}) {
      for (const std::int32_t empty_policy : {SPP_EMPTY_ERROR, SPP_EMPTY_LOWEST, SPP_EMPTY_ZERO}) {
        for (const std::int32_t order : {SPP_ORDER_BINS_CHANNELS, SPP_ORDER_CHANNELS_BINS}) {
          for (const std::vector<spp_level> &levels : {square({1, 2, 4}), square({1, 2, 3})}) {
            for (const std::int64_t side : {2, 5, 13}) {
              for (const std::int64_t channels : {1, 6, 8, 16, 21, 64}) {
                Scenario scenario;
                scenario.recipe = {levels,     SPP_BINS_ROUNDED, order,
                                   nan_policy, empty_policy,     element_type()};
                scenario.count = 2;
                scenario.height = side;
                scenario.width = side + 1;
                scenario.channels = channels;
                scenario.paint = static_cast<Paint>(paint);
                ASSERT_TRUE(agrees(tier(), scenario));
              }
            }
          }
        }
      }
    }
  }
}

// Sizes where the rules do something unusual, and usual sizes of networks.
TEST_P(Values, SpecialSizes) {
  struct Size {
    std::int64_t height, width;
  };
  constexpr Size sizes[] = {{5, 13},  {13, 5},  {13, 13}, {7, 14},  {14, 14}, {20, 20},
                            {38, 50}, {50, 38}, {56, 56}, {1, 100}, {100, 1}, {17, 31},
                            {33, 64}, {12, 24}, {24, 13}, {10, 11}, {57, 58}, {2, 40}};
  Rotation rotation(element_type());
  std::size_t pyramid = 0;
  for (const Size size : sizes) {
    for (const std::int64_t channels : {1, 2, 3, 7, 8, 16, 17, 24, 31, 64, 65, 72, 100, 128}) {
      for (int turn = 0; turn < 6; ++turn) {
        pyramid = (pyramid + 1) % pyramids().size();
        ASSERT_TRUE(agrees(
            tier(), rotation.scenario(pyramid, turn % 2, size.height, size.width, channels)));
      }
    }
  }
}

// Wide pixels, long rows and images that exceed each level of the usual caches.
TEST_P(Values, LargeMaps) {
  struct Size {
    std::int64_t count, height, width, channels;
  };
  constexpr Size sizes[] = {
      {1, 38, 50, 512}, {1, 56, 56, 256},  {1, 112, 112, 64}, {1, 40, 40, 301},  {1, 13, 13, 1001},
      {1, 4, 3, 4099},  {1, 20, 20, 512},  {2, 224, 224, 17}, {1, 30, 3, 12289}, {3, 28, 28, 256},
      {1, 300, 400, 3}, {1, 1000, 900, 1}, {1, 3, 3300, 2}};
  Rotation rotation(element_type());
  std::size_t pyramid = 0;
  for (const Size size : sizes) {
    for (int turn = 0; turn < 4; ++turn) {
      pyramid = (pyramid + 4) % pyramids().size();
      Scenario scenario =
          rotation.scenario(pyramid, turn % 2, size.height, size.width, size.channels);
      scenario.count = size.count;
      ASSERT_TRUE(agrees(tier(), scenario));
    }
  }
}

// Batches beyond 24 MiB may be worked through in another way than small ones.
TEST_P(Values, LargeBatches) {
  struct Size {
    std::int64_t count, height, width, channels;
  };
  constexpr Size sizes[] = {
      {150, 13, 13, 256}, {9, 56, 56, 256}, {33, 20, 20, 512}, {1500, 7, 7, 101}};
  Rotation rotation(element_type());
  for (const Size size : sizes) {
    for (const std::size_t pyramid : {3U, 4U}) {
      Scenario scenario = rotation.scenario(pyramid, size.count % 2 == 0 ? 0 : 1, size.height,
                                            size.width, size.channels);
      scenario.count = size.count;
      ASSERT_TRUE(agrees(tier(), scenario));
    }
  }
}

TEST_P(Values, Batches) {
  Rotation rotation(element_type());
  std::size_t pyramid = 0;
  for (const std::int64_t count : {2, 3, 4, 7, 16}) {
    for (const std::int64_t side : {1, 2, 4, 7, 13}) {
      for (const std::int64_t channels : {1, 3, 8, 13, 16, 32, 47, 64, 96}) {
        for (int turn = 0; turn < 4; ++turn) {
          pyramid = (pyramid + 1) % pyramids().size();
          Scenario scenario = rotation.scenario(pyramid, turn % 2, side, side + turn, channels);
          scenario.count = count;
          scenario.output_gap = turn == 3 ? 5 : 0;
          ASSERT_TRUE(agrees(tier(), scenario));
        }
      }
    }
  }
}

TEST_P(Values, ManyBins) {
  for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
    for (const std::vector<spp_level> &levels :
         {square({64}), square({30, 31, 32}), std::vector<spp_level>{{1, 4096}, {4096, 1}},
          std::vector<spp_level>(64, spp_level{3, 2})}) {
      for (const std::int64_t channels : {1, 5, 19}) {
        Scenario scenario;
        scenario.recipe.element_type = element_type();
        scenario.recipe.levels = levels;
        scenario.recipe.bin_rule = bin_rule;
        scenario.recipe.empty_policy = SPP_EMPTY_LOWEST;
        scenario.height = 31;
        scenario.width = 37;
        scenario.channels = channels;
        ASSERT_TRUE(agrees(tier(), scenario));
      }
    }
  }
}

SPP_TEST_EVERY_TIER_AND_TYPE(Values);

// A covering part of the sweeps in few instructions, for emulated processors: the element
// type is one more thing that changes from call to call.
class Sample : public TierTest {};

TEST_P(Sample, SmallMaps) {
  Rotation rotation(every_type);
  std::size_t pyramid = 0;
  for (std::int64_t height = 1; height <= 9; height += 2) {
    for (std::int64_t width = 1; width <= 9; width += 2) {
      for (std::int64_t channels = 1; channels <= 65; channels += channels < 17 ? 1 : 6) {
        for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
          pyramid = (pyramid + 1) % pyramids().size();
          ASSERT_TRUE(
              agrees(GetParam(), rotation.scenario(pyramid, bin_rule, height, width, channels)));
        }
      }
    }
  }
}

TEST_P(Sample, UsualSizes) {
  struct Size {
    std::int64_t count, height, width, channels;
  };
  constexpr Size sizes[] = {{1, 13, 13, 64},  {3, 13, 13, 40}, {1, 20, 20, 128}, {1, 38, 50, 17},
                            {1, 14, 12, 256}, {1, 30, 31, 96}, {2, 7, 7, 512},   {1, 4, 4, 8},
                            {1, 56, 56, 3},   {1, 2, 3, 2049}, {1, 57, 2, 100},  {1, 5, 64, 31}};
  Rotation rotation(every_type);
  std::size_t pyramid = 0;
  for (const Size size : sizes) {
    for (int turn = 0; turn < 4; ++turn) {
      pyramid = (pyramid + 4) % pyramids().size();
      Scenario scenario =
          rotation.scenario(pyramid, turn % 2, size.height, size.width, size.channels);
      scenario.count = size.count;
      ASSERT_TRUE(agrees(GetParam(), scenario));
    }
  }
}

SPP_TEST_EVERY_TIER(Sample);

}  // namespace
