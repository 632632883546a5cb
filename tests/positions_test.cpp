// Positions that no map has are refused before anything is written (docs/values.md, section 4).

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "support/arrays.hpp"
#include "support/guarded.hpp"
#include "support/pooling.hpp"

namespace {

constexpr std::int64_t count = 3;
constexpr std::int64_t height = 9;
constexpr std::int64_t width = 7;
constexpr std::int64_t channels = 37;
constexpr std::int64_t bins = 21;
constexpr std::int64_t length = bins * channels;

// Valid positions with single ones replaced; the arrays lie between guard pages.
class BadPositions : public TierTest {
 protected:
  void SetUp() override {
    TierTest::SetUp();
    maps_.struct_size = sizeof maps_;
    maps_.count = count;
    maps_.height = height;
    maps_.width = width;
    maps_.channels = channels;
    written_ = buffer_.place(size, sizeof(float), Placement::flush_end, untouched);
  }

  static constexpr std::int64_t size = count * height * width * channels;
  static constexpr std::uint64_t untouched = 0xa5a5a5a5a5a5a5a5U;

  // Succeeds if the call names the bad position and writes nothing.
  template <typename Index>
  testing::AssertionResult refused(std::size_t place, Index value, std::int32_t threads) {
    std::vector<Index> positions(static_cast<std::size_t>(count * length));
    for (std::size_t k = 0; k < positions.size(); ++k) positions[k] = static_cast<Index>(k % 5) - 1;
    positions[place] = value;
    const std::vector<float> gradients(positions.size(), 1.0F);
    const spp_gradient gradient = gradient_of(gradients);
    const spp_argmax argmax = argmax_of(positions);
    const spp_execution execution = execution_with(threads);
    const std::vector<spp_level> levels = square({1, 2, 4});
    spp_options options = options_for(levels);
    options.tier = GetParam();
    const Pooling pooling(options);
    const std::array<spp_region, count> regions = {
        {{0, 1, 1, 3, 4}, {1, 0, 0, 4, 4}, {2, 0, 1, 2, 3}}};
    std::memset(written_, 0xa5, size * sizeof(float));
    const spp_status status =
        by_regions_ ? spp_backward_regions(pooling, &gradient, &argmax, &maps_, regions.data(),
                                           count, written_, &execution)
                    : spp_backward(pooling, &gradient, &argmax, &maps_, written_, &execution);
    const std::string sentence = spp_last_error();
    const auto row = static_cast<std::int64_t>(place) / length;
    const std::string where = "argmax->data has " + std::to_string(value) + " in row " +
                              std::to_string(row) + ", number " +
                              std::to_string(static_cast<std::int64_t>(place) % length) + ":";
    if (status != SPP_ERROR_INVALID_ARGUMENT || sentence.find(where) != 0)
      return testing::AssertionFailure()
             << spp_status_name(status) << " for " << where << " " << sentence;
    for (std::int64_t k = 0; k < size * static_cast<std::int64_t>(sizeof(float)); ++k)
      if (static_cast<unsigned char>(written_[k]) != 0xa5)
        return testing::AssertionFailure() << "byte " << k << " is written";
    if (!buffer_.margins_hold()) return testing::AssertionFailure() << "wrote outside";
    return testing::AssertionSuccess();
  }

  GuardedBuffer buffer_{size * 4};
  char *written_ = nullptr;
  spp_batch maps_{};
  bool by_regions_ = false;  // a region on each map
};

// Values around every border that the check could get wrong.
template <typename Index>
std::vector<Index> bad_values() {
  using Limits = std::numeric_limits<Index>;
  std::vector<Index> values = {-2,
                               -3,
                               height * width,
                               height * width + 1,
                               Limits::max(),
                               Limits::max() - 1,
                               Limits::min(),
                               Limits::min() + 1};
  if constexpr (sizeof(Index) == 8) {
    for (const int shift : {31, 32, 33, 62}) {
      for (const Index offset : {-1, 0, 1, 5}) {
        values.push_back((Index{1} << shift) + offset);
        values.push_back(-(Index{1} << shift) + offset);
      }
    }
  }
  return values;
}

TEST_P(BadPositions, AreRefusedWhereverTheyAre) {
  const auto places = {0, 1, 15, 16, 17, 31, 36, 37, 511, 512, 513, 776, 777, 778, 1554, 2330};
  for (by_regions_ = false;; by_regions_ = true) {
    for (const int place : places) {
      for (const std::int32_t value : bad_values<std::int32_t>())
        ASSERT_TRUE(refused(static_cast<std::size_t>(place), value, 1));
      for (const std::int64_t value : bad_values<std::int64_t>())
        ASSERT_TRUE(refused(static_cast<std::size_t>(place), value, 1));
    }
    if (by_regions_) break;
  }
}

// Every place of a row and of its tail, in turn.
TEST_P(BadPositions, OneIsEnough) {
  for (std::size_t place = 0; place < count * length; place += 1 + place % 7) {
    ASSERT_TRUE(refused<std::int32_t>(place, height * width, 0));
    ASSERT_TRUE(refused<std::int64_t>(place, height * width, 0));
  }
}

// Positions that the whole map has, but not its valid part.
TEST_P(BadPositions, OutsideOfTheValidPart) {
  const std::array<std::int64_t, count> heights = {9, 4, 9};
  const std::array<std::int64_t, count> widths = {7, 5, 5};
  maps_.valid_heights = heights.data();
  for (const std::int64_t bad : {28, 29, 62})
    ASSERT_TRUE(refused<std::int64_t>(length + 40, bad, 1));
  by_regions_ = true;
  ASSERT_TRUE(refused<std::int64_t>(length + 40, 28, 1));
  ASSERT_TRUE(refused<std::int32_t>(length + 40, 62, 1));
  by_regions_ = false;
  maps_.valid_widths = widths.data();
  maps_.valid_heights = nullptr;
  for (const std::int32_t bad : {5, 6, 12, 13, 62}) {
    ASSERT_TRUE(refused<std::int64_t>(length + 40, bad, 1));
    ASSERT_TRUE(refused<std::int32_t>(2 * length + 700, bad, 1));
  }
  by_regions_ = true;
  ASSERT_TRUE(refused<std::int64_t>(length + 40, 12, 1));
}

SPP_TEST_EVERY_TIER(BadPositions);

}  // namespace
