// Gradients of maps that share a range of addresses: taken where no two elements are the same.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/arrays.hpp"
#include "support/pooling.hpp"

namespace {

constexpr std::int64_t channels = 2;

struct Place {
  std::int64_t first;  // element of the array
  std::int64_t height, width;
  std::int64_t row, column, channel;  // strides
};

// One bin a map, which sends 1 and 2 to the channels of its first cell.
spp_status spread(const std::vector<Place> &places, std::vector<float> &array) {
  const std::vector<spp_level> levels = square({1});
  const Pooling pooling(options_for(levels));
  const auto count = static_cast<std::int64_t>(places.size());
  std::vector<float> rows;
  for (std::int64_t k = 0; k < count; ++k) rows.insert(rows.end(), {1, 2});
  std::vector<std::int64_t> positions(rows.size());
  std::vector<std::vector<std::int64_t>> strides;
  std::vector<spp_map> maps;
  std::vector<void *> data;
  for (const Place &place : places) strides.push_back({place.row, place.column, place.channel});
  for (std::size_t k = 0; k < places.size(); ++k) {
    maps.push_back(
        {sizeof(spp_map), nullptr, places[k].height, places[k].width, strides[k].data()});
    data.push_back(array.data() + places[k].first);
  }
  const spp_gradient gradient = gradient_of(rows);
  const spp_argmax argmax = argmax_of(positions);
  return spp_backward_ragged(pooling, &gradient, &argmax, maps.data(), count, channels, data.data(),
                             nullptr);
}

// `9` is what the array had, 0 what a map wrote where no gradient goes.
TEST(MapsInOneArray, Interleaved) {
  // Lines of cells side by side: the columns of one between those of the other.
  std::vector<float> array(9, 9);
  EXPECT_EQ(spread({{0, 1, 2, 8, 4, 1}, {2, 1, 2, 8, 4, 1}}, array), SPP_OK) << spp_last_error();
  EXPECT_EQ(array, (std::vector<float>{1, 2, 1, 2, 0, 0, 0, 0, 9}));

  // The same, but that the second begins on the second column of the first.
  array.assign(11, 9);
  EXPECT_EQ(spread({{0, 1, 2, 8, 4, 1}, {4, 1, 2, 8, 4, 1}}, array), SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(array, std::vector<float>(11, 9));

  // A line in the gap between two rows, whose own stride of rows is never used.
  array.assign(13, 9);
  EXPECT_EQ(spread({{0, 2, 2, 8, 2, 1}, {4, 1, 2, 777, 2, 1}}, array), SPP_OK) << spp_last_error();
  EXPECT_EQ(array, (std::vector<float>{1, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 9}));

  // The same the other way round: the map of one row, and of one column, begins first.
  array.assign(13, 9);
  EXPECT_EQ(spread({{0, 1, 1, 777, 777, 7}, {2, 2, 2, 4, 2, 1}}, array),
            SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(spread({{0, 1, 1, 777, 777, 11}, {2, 2, 2, 4, 2, 1}}, array),
            SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(array, std::vector<float>(13, 9));
  EXPECT_EQ(spread({{0, 1, 1, 777, 777, 1}, {2, 2, 2, 4, 2, 1}}, array), SPP_OK);
  EXPECT_EQ(array, (std::vector<float>{1, 2, 1, 2, 0, 0, 0, 0, 0, 0, 9, 9, 9}));
}

TEST(MapsInOneArray, OneRowOnTheOtherMapsSecond) {
  std::vector<float> array(14, 9);
  EXPECT_EQ(spread({{0, 2, 2, 8, 2, 1}, {8, 1, 2, 777, 2, 1}}, array), SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(spread({{0, 1, 2, 777, 2, 1}, {2, 2, 2, 8, 2, 1}}, array), SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(array, std::vector<float>(14, 9));
}

// Where the first map would have a third row, the second one has a column.
TEST(MapsInOneArray, BehindTheLastRow) {
  std::vector<float> array(44, 9);
  EXPECT_EQ(spread({{0, 2, 3, 14, 4, 1}, {20, 2, 3, 14, 4, 1}}, array), SPP_OK) << spp_last_error();
  for (const std::size_t first : {std::size_t{0}, std::size_t{20}}) {
    EXPECT_EQ(array[first], 1);
    EXPECT_EQ(array[first + 1], 2);
  }
}

TEST(MapsInOneArray, ManyColumnsBetweenTheOthers) {
  std::vector<float> array(4 * 100, 9);
  EXPECT_EQ(spread({{0, 1, 100, 400, 4, 1}, {2, 1, 100, 400, 4, 1}}, array), SPP_OK)
      << spp_last_error();
  std::vector<float> wanted(4 * 100, 0);
  wanted[0] = wanted[2] = 1;
  wanted[1] = wanted[3] = 2;
  EXPECT_EQ(array, wanted);
}

// Dense maps one after the other, of which each has its own strides.
TEST(MapsInOneArray, SideBySide) {
  std::vector<float> array(8 + 12 + 4, 9);
  EXPECT_EQ(spread({{20, 1, 2, 4, 2, 1}, {0, 2, 2, 4, 2, 1}, {8, 2, 3, 6, 2, 1}}, array), SPP_OK)
      << spp_last_error();
  std::vector<float> wanted(array.size(), 0);
  for (const std::size_t first : {std::size_t{0}, std::size_t{8}, std::size_t{20}}) {
    wanted[first] = 1;
    wanted[first + 1] = 2;
  }
  EXPECT_EQ(array, wanted);
}

// Whether maps that lie in different ways share an element is not looked into: the answer is no call.
TEST(MapsInOneArray, WithOtherStridesAreRefused) {
  std::vector<float> array(40, 9);
  EXPECT_EQ(spread({{0, 1, 3, 20, 4, 1}, {2, 1, 3, 20, 6, 1}}, array), SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(array, std::vector<float>(40, 9));
}

}  // namespace
