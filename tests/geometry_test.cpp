// Bin edges (docs/values.md, section 1) and the two orders of a row (section 5), without data.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "oracle.hpp"
#include "support/pooling.hpp"

namespace {

using Edges = std::vector<std::pair<std::int64_t, std::int64_t>>;

enum class Axis { rows, columns };

// The edges of n bins along one axis of length L; the other axis is one cell and one bin.
Edges edges(std::int32_t bin_rule, std::int64_t length, std::int32_t bins, Axis axis = Axis::rows) {
  const bool rows = axis == Axis::rows;
  const std::vector<spp_level> levels = {{rows ? bins : 1, rows ? 1 : bins}};
  spp_options options = options_for(levels);
  options.bin_rule = bin_rule;
  const Pooling pooling(options);
  std::vector<spp_rectangle> rectangles(static_cast<std::size_t>(bins));
  EXPECT_EQ(spp_pooling_rectangles(pooling, rows ? length : 1, rows ? 1 : length, rectangles.data(),
                                   bins),
            SPP_OK)
      << spp_last_error();
  Edges found;
  for (const spp_rectangle &rectangle : rectangles) {
    found.emplace_back(rows ? rectangle.top : rectangle.left,
                       rows ? rectangle.bottom : rectangle.right);
  }
  return found;
}

Edges rounded(std::int64_t length, std::int32_t bins) {
  return edges(SPP_BINS_ROUNDED, length, bins);
}

Edges adaptive(std::int64_t length, std::int32_t bins) {
  return edges(SPP_BINS_ADAPTIVE, length, bins);
}

TEST(RoundedBins, Literals) {
  EXPECT_EQ(rounded(13, 4), (Edges{{0, 3}, {3, 6}, {6, 10}, {10, 13}}));
  EXPECT_EQ(rounded(5, 2), (Edges{{0, 2}, {2, 5}}));                  // 2.5 rounds to the even 2
  EXPECT_EQ(rounded(7, 2), (Edges{{0, 4}, {4, 7}}));                  // and 3.5 to 4
  EXPECT_EQ(rounded(3, 4), (Edges{{0, 1}, {1, 2}, {2, 2}, {2, 3}}));  // the third bin is empty
  EXPECT_EQ(rounded(1, 1), (Edges{{0, 1}}));
}

TEST(RoundedBins, TileTheAxisUpToElevenBins) {
  for (std::int32_t bins = 1; bins <= 11; ++bins) {
    for (std::int64_t length = 1; length <= 1024; ++length) {
      std::int64_t end = 0;
      for (const auto &edge : rounded(length, bins)) {
        ASSERT_EQ(edge.first, end) << "length " << length << ", bins " << bins;
        end = edge.second;
      }
      ASSERT_EQ(end, length) << "bins " << bins;
    }
  }
}

TEST(RoundedBins, TwelveBinsLeaveAGapAtSeven) {
  const Edges found = rounded(7, 12);
  bool gap = false;
  for (std::size_t k = 1; k < found.size(); ++k) {
    gap |= found[k - 1].second == 3 && found[k].first == 4;
  }
  EXPECT_TRUE(gap);
}

TEST(RoundedBins, TwelveBinsOverlapAtThirteen) {
  const Edges found = rounded(13, 12);
  bool overlap = false;
  for (std::size_t k = 1; k < found.size(); ++k) {
    overlap |= found[k - 1].second == 7 && found[k].first == 6;
  }
  EXPECT_TRUE(overlap);
}

// float32 runs past the end of axes of millions of cells.
TEST(RoundedBins, EndWithTheAxis) {
  EXPECT_EQ(rounded(9767195, 7).back().second, 9767195);
  EXPECT_EQ(rounded((1 << 24) + 3, 1), (Edges{{0, (1 << 24) + 3}}));
}

// As a float32 the length is 2^63, which is no 64-bit integer.
TEST(RoundedBins, EndWithTheLongestAxis) {
  EXPECT_EQ(rounded(INT64_MAX, 1), (Edges{{0, INT64_MAX}}));
  EXPECT_EQ(rounded(INT64_MAX, 2),
            (Edges{{0, std::int64_t{1} << 62}, {std::int64_t{1} << 62, INT64_MAX}}));
  EXPECT_EQ(rounded(INT64_MAX, 7).back().second, INT64_MAX);
}

TEST(RoundedBins, MoreBinsThanCellsNeedNotBeEmpty) {
  for (const auto &edge : rounded(57, 58)) EXPECT_LT(edge.first, edge.second);
}

TEST(RoundedBins, NoMoreBinsThanCellsAreNeverEmpty) {
  for (std::int32_t bins = 1; bins <= 64; ++bins) {
    for (std::int64_t length = bins; length <= 4 * bins; ++length) {
      for (const auto &edge : rounded(length, bins)) {
        ASSERT_LT(edge.first, edge.second) << "length " << length << ", bins " << bins;
      }
    }
  }
}

TEST(AdaptiveBins, Literals) {
  EXPECT_EQ(adaptive(13, 4), (Edges{{0, 4}, {3, 7}, {6, 10}, {9, 13}}));
  EXPECT_EQ(adaptive(7, 2), (Edges{{0, 4}, {3, 7}}));
  EXPECT_EQ(adaptive(3, 4), (Edges{{0, 1}, {0, 2}, {1, 3}, {2, 3}}));
  EXPECT_EQ(adaptive(1, 3), (Edges{{0, 1}, {0, 1}, {0, 1}}));
  EXPECT_EQ(adaptive(9, 3), (Edges{{0, 3}, {3, 6}, {6, 9}}));
}

// float32 could not hold these.
TEST(AdaptiveBins, AreExactAtAnyLength) {
  constexpr std::int64_t length = (std::int64_t{1} << 40) + 1;
  EXPECT_EQ(adaptive(length, 2), (Edges{{0, (length + 1) / 2}, {length / 2, length}}));
}

TEST(Bins, EqualTheOracleOnBothAxes) {
  for (const std::int32_t bin_rule : {SPP_BINS_ROUNDED, SPP_BINS_ADAPTIVE}) {
    for (const std::int32_t bins : {1,  2,  3,  4,  5,  6,  7,  9,  11, 12, 13,  14,  16,
                                    18, 20, 22, 24, 26, 28, 30, 31, 58, 64, 100, 4096}) {
      for (std::int64_t length = 1; length <= 300; length += bins > 100 ? 23 : 1) {
        const Edges rows = edges(bin_rule, length, bins, Axis::rows);
        ASSERT_EQ(rows, edges(bin_rule, length, bins, Axis::columns));
        for (std::int32_t bin = 0; bin < bins; ++bin) {
          const oracle::Span span =
              oracle::bin_span(bin_rule == SPP_BINS_ADAPTIVE, length, bins, bin);
          ASSERT_EQ(rows[static_cast<std::size_t>(bin)], std::make_pair(span.begin, span.end))
              << "length " << length << ", bins " << bins << ", bin " << bin;
        }
      }
    }
  }
}

TEST(Bins, RoundedEqualTheOracleAtLengthsOfMillions) {
  for (const std::int64_t length :
       {524287LL, 999999LL, (1LL << 20) - 1, 1LL << 20, (1LL << 20) + 1, 9767195LL, (1LL << 24) - 1,
        (1LL << 24) + 1, (1LL << 24) + 3, (1LL << 31) + 77, (1LL << 40) + 12345}) {
    for (const std::int32_t bins : {1, 2, 3, 7, 12, 14, 30, 58, 1001, 4095, 4096}) {
      const Edges found = rounded(length, bins);
      for (std::int32_t bin = 0; bin < bins; ++bin) {
        const oracle::Span span = oracle::bin_span(false, length, bins, bin);
        ASSERT_EQ(found[static_cast<std::size_t>(bin)], std::make_pair(span.begin, span.end))
            << "length " << length << ", bins " << bins << ", bin " << bin;
      }
    }
  }
}

TEST(Bins, RectanglesComeInTheOrderOfTheRow) {
  const std::vector<spp_level> levels = {{1, 2}, {2, 3}};
  const Pooling pooling(options_for(levels));
  std::array<spp_rectangle, 8> found = {};
  ASSERT_EQ(spp_pooling_bin_count(pooling), 8);
  ASSERT_EQ(spp_pooling_rectangles(pooling, 4, 6, found.data(), 8), SPP_OK);
  const std::array<std::array<std::int64_t, 4>, 8> wanted = {{{0, 0, 4, 3},
                                                              {0, 3, 4, 6},
                                                              {0, 0, 2, 2},
                                                              {0, 2, 2, 4},
                                                              {0, 4, 2, 6},
                                                              {2, 0, 4, 2},
                                                              {2, 2, 4, 4},
                                                              {2, 4, 4, 6}}};
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    EXPECT_EQ(
        (std::array<std::int64_t, 4>{found[k].top, found[k].left, found[k].bottom, found[k].right}),
        wanted[k])
        << "bin " << k;
  }
}

// docs/values.md, section 7: of a window that is the whole map, with l = 2.5 and 1.5.
TEST(RoiBins, Rectangles) {
  const std::vector<spp_level> levels = square({2});
  spp_options options = options_for(levels);
  options.bin_rule = SPP_BINS_ROI;
  const Pooling pooling(options);
  std::vector<spp_rectangle> found(4);
  ASSERT_EQ(spp_pooling_rectangles(pooling, 5, 3, found.data(), 4), SPP_OK) << spp_last_error();
  const std::array<std::array<std::int64_t, 4>, 4> wanted = {
      {{0, 0, 3, 2}, {0, 1, 3, 3}, {2, 0, 5, 2}, {2, 1, 5, 3}}};
  for (std::size_t k = 0; k < wanted.size(); ++k)
    EXPECT_EQ(
        (std::array<std::int64_t, 4>{found[k].top, found[k].left, found[k].bottom, found[k].right}),
        wanted[k])
        << "bin " << k;
}

TEST(Order, OutputLengthCountsBinsAndChannels) {
  const std::vector<spp_level> levels = {{1, 1}, {2, 3}};
  const Pooling pooling(options_for(levels));
  std::int64_t length = 0;
  ASSERT_EQ(spp_pooling_output_length(pooling, 5, &length), SPP_OK);
  EXPECT_EQ(length, 35);
}

// Level 1x1: channels 0 1 2 either way.  Level 1x2: bin 0 has 3 4 5, bin 1 has 6 7 8; by channels
// that is 3 6, 4 7, 5 8.
TEST(Order, PermutationLiteral) {
  const std::vector<spp_level> levels = {{1, 1}, {1, 2}};
  const Pooling pooling(options_for(levels));
  std::vector<std::int64_t> permutation(9);
  ASSERT_EQ(spp_pooling_permutation(pooling, 3, permutation.data(), 9), SPP_OK);
  EXPECT_EQ(permutation, (std::vector<std::int64_t>{0, 1, 2, 3, 6, 4, 7, 5, 8}));
}

TEST(Order, PermutationLeadsFromOneOrderToTheOther) {
  const std::vector<spp_level> levels = {{2, 2}, {3, 1}, {1, 1}};
  constexpr std::int64_t channels = 5;
  constexpr std::int64_t length = 8 * channels;
  std::vector<float> map(6 * 7 * channels);
  for (std::size_t k = 0; k < map.size(); ++k) map[k] = static_cast<float>(k * 37 % 211);

  std::array<std::vector<float>, 2> rows;
  std::array<std::vector<std::int64_t>, 2> permutations;
  for (std::size_t order = 0; order < 2; ++order) {
    spp_options options = options_for(levels);
    options.order = static_cast<std::int32_t>(order);
    const Pooling pooling(options);
    rows[order].resize(length);
    spp_batch batch = {};
    batch.struct_size = sizeof batch;
    batch.data = map.data();
    batch.count = 1;
    batch.height = 6;
    batch.width = 7;
    batch.channels = channels;
    spp_output output = {sizeof output, rows[order].data(), length, 0};
    ASSERT_EQ(spp_pool(pooling, &batch, &output, nullptr), SPP_OK) << spp_last_error();
    permutations[order].resize(length);
    ASSERT_EQ(spp_pooling_permutation(pooling, channels, permutations[order].data(), length),
              SPP_OK);
  }
  EXPECT_EQ(permutations[0], permutations[1]);
  for (std::size_t k = 0; k < length; ++k) {
    EXPECT_EQ(rows[SPP_ORDER_CHANNELS_BINS][k],
              rows[SPP_ORDER_BINS_CHANNELS][static_cast<std::size_t>(permutations[0][k])]);
  }
}

}  // namespace
