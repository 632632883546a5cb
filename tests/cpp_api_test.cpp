// The C++ interface, include/spp/: what it adds to the C functions.  Expectations are literals; the
// values themselves are tested through the C interface.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <spp/spp.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// Two channels, three rows, four columns; channel 0 counts up, channel 1 down.
const std::vector<float> small_map = {
    1, -1, 2,  -2,  3,  -3,  4,  -4,   //
    5, -5, 6,  -6,  7,  -7,  8,  -8,   //
    9, -9, 10, -10, 11, -11, 12, -12,  //
};

spp::Options one_and_two() {
  spp::Options options;
  options.levels = {1, 2};
  return options;
}

// rounded bins of 3 rows over 2: l = 1.5, so [0, 2) and [rint(1.5), 3) = [2, 3); of 4 columns:
// [0, 2) and [2, 4).
const std::vector<float> small_row = {
    12, -1,                          // the whole map
    6,  -1, 8, -3, 10, -9, 12, -11,  // its quarters
};

template <typename Call>
spp::Status status_of(const Call &call) {
  try {
    call();
  } catch (const spp::Error &error) {
    EXPECT_STRNE(error.what(), "");
    return error.status();
  }
  return spp::Status::ok;
}

TEST(CppApi, PoolsABatchIntoANewVector) {
  const spp::Pooling pooling(one_and_two());
  EXPECT_EQ(pooling.pool(spp::Batch{small_map.data(), 1, 3, 4, 2}), small_row);
}

// A cell with two channels below another: the maxima are picked from both.
template <typename T>
void pools_elements(spp::ElementType type, T low, T high) {
  spp::Options options;
  options.levels = {1};
  options.element_type = type;
  const spp::Pooling pooling(options);
  EXPECT_EQ(pooling.element_type(), type);
  const std::vector<T> map = {low, high, high, low};
  EXPECT_EQ(pooling.pool<T>(spp::Batch{map.data(), 1, 2, 1, 2}), (std::vector<T>{high, high}));
  EXPECT_EQ(pooling.pool<T>({{map.data(), 1, 1}, {map.data() + 2, 1, 1}}, 2), map);
  std::vector<T> row(2);
  pooling.pool_into(spp::Batch{map.data(), 1, 2, 1, 2}, {row.data(), 2});
  EXPECT_EQ(row, (std::vector<T>{high, high}));
}

TEST(CppApi, PoolsEveryElementType) {
  pools_elements<float>(spp::ElementType::f32, -2.5F, 0.5F);
  pools_elements<double>(spp::ElementType::f64, -2.5, 0.5);
  pools_elements<std::uint16_t>(spp::ElementType::f16, 0xc000, 0x3c00);   // -2 and 1
  pools_elements<std::uint16_t>(spp::ElementType::bf16, 0xc000, 0x3f80);  // -2 and 1
  pools_elements<std::int8_t>(spp::ElementType::i8, -128, 127);
  pools_elements<std::uint8_t>(spp::ElementType::u8, 1, 255);
  pools_elements<std::int16_t>(spp::ElementType::i16, -32768, 1);
  pools_elements<std::int32_t>(spp::ElementType::i32, -2147483647, 1);
  pools_elements<std::uint16_t>(spp::ElementType::u16, 1, 65535);
}

TEST(CppApi, AVectorOfAnotherTypeIsRefused) {
  spp::Options options = one_and_two();
  options.element_type = spp::ElementType::i8;
  const spp::Pooling bytes(options);
  const std::vector<std::int8_t> map(8);
  const spp::Batch maps{map.data(), 1, 2, 2, 2};
  EXPECT_EQ(status_of([&] { bytes.pool(maps); }), spp::Status::invalid_argument);
  EXPECT_EQ(status_of([&] { bytes.pool<std::uint8_t>(maps); }), spp::Status::invalid_argument);
  EXPECT_EQ(bytes.pool<std::int8_t>(maps).size(), 10U);

  struct Half {
    std::uint16_t bits;
  };
  static_assert(spp::stands_for<Half>(spp::ElementType::bf16));
  static_assert(!spp::stands_for<std::int16_t>(spp::ElementType::f16));
  static_assert(!spp::stands_for<Half>(spp::ElementType::u16));
}

TEST(CppApi, PoolsIntoRowsWithAStrideAndLeavesTheRestAlone) {
  const spp::Pooling pooling(one_and_two());
  const std::array<std::int64_t, 4> same_map_twice = {0, 8, 2, 1};
  spp::Batch maps{small_map.data(), 2, 3, 4, 2};
  maps.strides = same_map_twice.data();

  std::vector<float> rows(25, 99.0F);
  pooling.pool_into(maps, {rows.data(), 22, 12});

  std::vector<float> expected(25, 99.0F);
  std::copy(small_row.begin(), small_row.end(), expected.begin());
  std::copy(small_row.begin(), small_row.end(), expected.begin() + 12);
  EXPECT_EQ(rows, expected);
}

TEST(CppApi, PoolsTheValidCornerOfPaddedMaps) {
  const spp::Pooling pooling(one_and_two());
  const std::int64_t heights[] = {2};
  const std::int64_t widths[] = {3};
  spp::Batch maps{small_map.data(), 1, 3, 4, 2};
  maps.valid_heights = heights;
  maps.valid_widths = widths;
  // 3 columns over 2 bins: [0, 2) and [2, 3).
  EXPECT_EQ(pooling.pool(maps), (std::vector<float>{7, -1, 2, -1, 3, -3, 6, -5, 7, -7}));
}

TEST(CppApi, PoolsMapsOfDifferentSizes) {
  const spp::Pooling pooling(one_and_two());
  const std::array<std::int64_t, 3> last_two_columns = {8, 2, 1};
  const std::vector<spp::Map> maps = {
      {small_map.data(), 3, 4},
      {small_map.data() + 4, 2, 2, last_two_columns.data()},
  };
  std::vector<float> expected = small_row;
  const float second[] = {8, -3, 3, -3, 4, -4, 7, -7, 8, -8};
  expected.insert(expected.end(), std::begin(second), std::end(second));
  EXPECT_EQ(pooling.pool(maps, 2), expected);
}

TEST(CppApi, NoMapsGiveNoRows) {
  const spp::Pooling pooling(one_and_two());
  EXPECT_TRUE(pooling.pool(std::vector<spp::Map>{}, 2).empty());
  EXPECT_TRUE(pooling.pool(spp::Batch{nullptr, 0, 3, 4, 2}).empty());
  EXPECT_EQ(pooling.pool_into(std::vector<spp::Map>{}, 2, {}).tier, spp::Tier::automatic);
}

TEST(CppApi, OptionsReachTheLibrary) {
  spp::Options options;
  options.levels = {{1, 2}, 3};
  options.bin_rule = spp::BinRule::adaptive;
  options.order = spp::Order::channels_bins;
  options.nan_policy = spp::NanPolicy::ignore;
  options.empty_policy = spp::EmptyPolicy::zero;
  options.tier = spp::Tier::portable;
  options.thread_limit = 3;
  const spp::Pooling pooling(options);
  EXPECT_EQ(pooling.tier(), spp::Tier::portable);
  EXPECT_EQ(pooling.bin_count(), 11);
  EXPECT_EQ(pooling.describe(),
            "f32 NHWC, levels 1x2 3x3 (11 bins), adaptive bins, order channels_bins, NaN ignore, "
            "empty zero, tier portable, threads 3");
}

TEST(CppApi, EmptyPolicyReachesTheValues) {
  const float one_cell[] = {7};
  spp::Options options = one_and_two();
  const spp::Batch maps{one_cell, 1, 1, 1, 1};
  EXPECT_EQ(status_of([&] { spp::Pooling(options).pool(maps); }), spp::Status::empty_bin);
  // 1 cell over 2 bins: l = 0.5, so [0, 0) is empty and [0, 1) is the cell.
  options.empty_policy = spp::EmptyPolicy::zero;
  EXPECT_EQ(spp::Pooling(options).pool(maps), (std::vector<float>{7, 0, 0, 0, 7}));
  options.empty_policy = spp::EmptyPolicy::lowest;
  const float lowest = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(spp::Pooling(options).pool(maps), (std::vector<float>{7, lowest, lowest, lowest, 7}));
}

TEST(CppApi, Rectangles) {
  const spp::Pooling pooling(one_and_two());
  const std::vector<spp::Rectangle> rectangles = pooling.rectangles(3, 4);
  const std::int64_t expected[5][4] = {
      {0, 0, 3, 4}, {0, 0, 2, 2}, {0, 2, 2, 4}, {2, 0, 3, 2}, {2, 2, 3, 4}};
  ASSERT_EQ(rectangles.size(), 5U);
  for (std::size_t i = 0; i < rectangles.size(); ++i) {
    EXPECT_EQ(rectangles[i].top, expected[i][0]) << "bin " << i;
    EXPECT_EQ(rectangles[i].left, expected[i][1]) << "bin " << i;
    EXPECT_EQ(rectangles[i].bottom, expected[i][2]) << "bin " << i;
    EXPECT_EQ(rectangles[i].right, expected[i][3]) << "bin " << i;
  }
}

TEST(CppApi, PermutationTurnsOneOrderIntoTheOther) {
  const spp::Pooling pooling(one_and_two());
  const std::vector<std::int64_t> permutation = pooling.permutation(2);
  EXPECT_EQ(permutation, (std::vector<std::int64_t>{0, 1, 2, 4, 6, 8, 3, 5, 7, 9}));

  spp::Options options = one_and_two();
  options.order = spp::Order::channels_bins;
  std::vector<float> moved;
  for (const std::int64_t position : permutation) {
    moved.push_back(small_row[static_cast<std::size_t>(position)]);
  }
  EXPECT_EQ(spp::Pooling(options).pool(spp::Batch{small_map.data(), 1, 3, 4, 2}), moved);
}

// docs/migration.md, "Trained weights and the order of the row".
TEST(CppApi, PermutationMovesWeightsBothWays) {
  spp::Options options = one_and_two();
  const spp::Batch maps{small_map.data(), 1, 3, 4, 2};
  const spp::Pooling bins_channels(options);
  options.order = spp::Order::channels_bins;
  const spp::Pooling channels_bins(options);
  const std::vector<std::int64_t> p = bins_channels.permutation(2);

  const std::vector<float> weights = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  std::vector<float> for_bins_channels(10);
  std::vector<float> for_channels_bins(10);
  for (std::size_t k = 0; k < 10; ++k) {
    for_bins_channels[static_cast<std::size_t>(p[k])] = weights[k];
    for_channels_bins[k] = weights[static_cast<std::size_t>(p[k])];
  }
  // Sums of small integers: exact in any order.
  const auto dense = [](const std::vector<float> &weight, const std::vector<float> &row) {
    return std::inner_product(row.begin(), row.end(), weight.begin(), 0.0F);
  };
  EXPECT_EQ(dense(for_bins_channels, bins_channels.pool(maps)),
            dense(weights, channels_bins.pool(maps)));
  EXPECT_EQ(dense(for_channels_bins, channels_bins.pool(maps)),
            dense(weights, bins_channels.pool(maps)));
  EXPECT_NE(dense(weights, channels_bins.pool(maps)), dense(weights, bins_channels.pool(maps)));
}

TEST(CppApi, ErrorsCarryStatusAndSentence) {
  spp::Options options;
  EXPECT_EQ(status_of([&] { spp::Pooling{options}; }), spp::Status::invalid_argument);

  const spp::Pooling pooling(one_and_two());
  try {
    pooling.output_length(-3);
    FAIL() << "no exception";
  } catch (const spp::Error &error) {
    EXPECT_EQ(error.status(), spp::Status::invalid_argument);
    EXPECT_NE(std::string_view(error.what()).find("-3"), std::string_view::npos) << error.what();
  }
  float row[9];
  EXPECT_EQ(
      status_of([&] { pooling.pool_into(spp::Batch{small_map.data(), 1, 3, 4, 2}, {row, 9}); }),
      spp::Status::output_too_small);
  EXPECT_EQ(status_of([&] { pooling.pool(spp::Batch{small_map.data(), -1, 3, 4, 2}); }),
            spp::Status::invalid_argument);
  EXPECT_EQ(status_of([&] {
              pooling.pool(spp::Batch{small_map.data(), std::int64_t{1} << 61, 3, 4, 2});
            }),
            spp::Status::overflow);
  // What 64 bits count, but no vector has.
  EXPECT_EQ(status_of([&] {
              pooling.pool(spp::Batch{small_map.data(), std::int64_t{1} << 58, 3, 4, 2});
            }),
            spp::Status::overflow);
  EXPECT_EQ(status_of([&] { pooling.permutation(std::int64_t{1} << 58); }), spp::Status::overflow);
}

TEST(CppApi, MovesButDoesNotCopy) {
  static_assert(!std::is_copy_constructible_v<spp::Pooling>);
  static_assert(!std::is_copy_assignable_v<spp::Pooling>);
  static_assert(std::is_nothrow_move_constructible_v<spp::Pooling>);
  static_assert(std::is_nothrow_move_assignable_v<spp::Pooling>);

  spp::Pooling first(one_and_two());
  spp::Pooling second(std::move(first));
  const spp::Batch maps{small_map.data(), 1, 3, 4, 2};
  EXPECT_EQ(second.pool(maps), small_row);
  // What a moved-from object does is promised in spp.hpp.
  EXPECT_EQ(first.c_handle(), nullptr);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(first.bin_count(), 0);
  EXPECT_EQ(first.describe(), "");
  EXPECT_EQ(status_of([&] { first.pool(maps); }), spp::Status::invalid_argument);
  first = std::move(second);
  EXPECT_EQ(first.pool(maps), small_row);
}

TEST(CppApi, TheLibrarySpeaksOfItself) {
  const std::string header = std::to_string(SPP_VERSION_MAJOR) + "." +
                             std::to_string(SPP_VERSION_MINOR) + "." +
                             std::to_string(SPP_VERSION_PATCH);
  EXPECT_EQ(spp::version(), header);
  EXPECT_EQ(spp::tier_name(spp::Tier::avx512), "avx512");
  EXPECT_EQ(spp::tier_name(static_cast<spp::Tier>(77)), "");
  EXPECT_EQ(spp::tier_refusal(spp::Tier::portable), "");
  EXPECT_EQ(spp::status_name(spp::Status::empty_bin), "SPP_ERROR_EMPTY_BIN");
  EXPECT_GE(spp::thread_count(), 1);
#if defined(__x86_64__)
  EXPECT_NE(spp::tier_refusal(spp::Tier::neon), "");
#endif
}

}  // namespace
