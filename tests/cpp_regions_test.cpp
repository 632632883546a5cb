// Positions and regions through the C++ interface: what it adds to the C functions.
#include <gtest/gtest.h>

#include <cstdint>
#include <spp/spp.hpp>
#include <string>
#include <vector>

namespace {

// One channel, 3 x 4 cells.
const std::vector<float> cells = {0, 1, 2,  3,  //
                                  7, 6, 5,  4,  //
                                  8, 9, 11, 10};
const spp::Batch maps = {cells.data(), 1, 3, 4, 1};

spp::Pooling one_level(std::int32_t side, spp::BinRule rule = spp::BinRule::adaptive) {
  spp::Options options;
  options.levels = {side};
  options.bin_rule = rule;
  return spp::Pooling(options);
}

TEST(CppPositions, OfBatchesAndOfLists) {
  const spp::Pooling pooling = one_level(2);
  std::vector<float> row(4);
  std::vector<std::int32_t> positions(4);
  const spp::Output output = {row.data(), 4};
  const spp::Argmax argmax = {positions.data(), 4, 0, spp::IndexType::i32};
  pooling.pool_into(maps, output, argmax);
  EXPECT_EQ(row, (std::vector<float>{7, 5, 9, 11}));
  EXPECT_EQ(positions, (std::vector<std::int32_t>{4, 6, 9, 10}));
  positions.assign(4, -2);
  pooling.pool_into(std::vector<spp::Map>{{cells.data(), 3, 4}}, 1, output, argmax);
  EXPECT_EQ(positions, (std::vector<std::int32_t>{4, 6, 9, 10}));
}

TEST(CppRegions, AreWindowsOfTheMap) {
  const std::vector<spp::Region> regions = {{0, 0, 1, 2, 2}, {0, 2, 0, 1, 4}};
  std::vector<float> rows(2);
  std::vector<std::int64_t> positions(2);
  const spp::Output output = {rows.data(), 2};
  one_level(1).pool_regions_into(maps, regions, output, spp::Argmax{positions.data(), 2});
  EXPECT_EQ(rows, (std::vector<float>{6, 11}));
  EXPECT_EQ(positions, (std::vector<std::int64_t>{5, 10}));
  rows.assign(2, 0);
  one_level(1).pool_regions_into(maps, regions, output);
  EXPECT_EQ(rows, (std::vector<float>{6, 11}));
}

TEST(CppRegions, HaveAGradient) {
  const std::vector<spp::Region> regions = {{0, 0, 1, 2, 2}, {0, 2, 0, 1, 4}, {0, 1, 1, 1, 1}};
  const std::vector<float> rows = {1.5F, 2, 4};
  std::vector<float> maxima(3);
  std::vector<std::int64_t> positions(3);
  one_level(1).pool_regions_into(maps, regions, spp::Output{maxima.data(), 3},
                                 spp::Argmax{positions.data(), 3});
  EXPECT_EQ(maxima, (std::vector<float>{6, 11, 6}));
  std::vector<float> found(12, -1);
  one_level(1).backward_regions_into(spp::Gradient{rows.data(), 3},
                                     spp::Argmax{positions.data(), 3}, maps, regions, found.data());
  EXPECT_EQ(found, (std::vector<float>{0, 0, 0, 0, 0, 5.5F, 0, 0, 0, 0, 2, 0}));
  found.assign(12, -1);
  void *const places[] = {found.data()};
  one_level(1).backward_regions_into(spp::Gradient{rows.data(), 3},
                                     spp::Argmax{positions.data(), 3}, {spp::Map{nullptr, 3, 4}}, 1,
                                     regions, places);
  EXPECT_EQ(found, (std::vector<float>{0, 0, 0, 0, 0, 5.5F, 0, 0, 0, 0, 2, 0}));
}

TEST(CppRegions, OfMapsOfDifferentSizes) {
  const std::vector<spp::Map> list = {{cells.data(), 3, 4}, {cells.data() + 4, 2, 4}};
  const std::vector<spp::Region> regions = {{1, 0, 1, 2, 2}, {0, 0, 1, 2, 2}};
  std::vector<float> rows(2);
  std::vector<std::int32_t> positions(2);
  const spp::Output output = {rows.data(), 2};
  one_level(1).pool_regions_into(list, 1, regions, output,
                                 spp::Argmax{positions.data(), 2, 0, spp::IndexType::i32});
  EXPECT_EQ(rows, (std::vector<float>{11, 6}));
  EXPECT_EQ(positions, (std::vector<std::int32_t>{6, 5}));
  rows.assign(2, 0);
  one_level(1).pool_regions_into(list, 1, regions, output);
  EXPECT_EQ(rows, (std::vector<float>{11, 6}));
}

// Two rows and columns of bins, of which the last leave the map.
TEST(CppRegions, MayLeaveTheMapUnderTheRuleRoi) {
  std::vector<float> row(4);
  one_level(2, spp::BinRule::roi)
      .pool_regions_into(maps, {{0, 1, 2, 4, 4}}, spp::Output{row.data(), 4});
  EXPECT_EQ(row, (std::vector<float>{11, 0, 0, 0}));
}

TEST(CppRegions, ThatLeaveTheMapAreNamed) {
  float row = 0;
  try {
    one_level(1).pool_regions_into(maps, {{0, 1, 2, 2, 3}}, spp::Output{&row, 1});
    FAIL();
  } catch (const spp::Error &error) {
    EXPECT_EQ(error.status(), spp::Status::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("regions[0]"), std::string::npos);
  }
}

}  // namespace
