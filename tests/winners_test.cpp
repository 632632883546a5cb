// The fast way of a gradient, seen from inside the library: it counts what it has found, and a call
// whose count does not come out goes the slow way, to the same bits.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "gradient_writer.hpp"
#include "support/pooling.hpp"

namespace {

struct Element {
  std::int32_t type;
  std::size_t bytes;
  std::uint64_t numbers[5];  // the bits of 0, 1, 2, 3, 4
};
constexpr Element elements[] = {
    {SPP_F32, 4, {0, 0x3f800000, 0x40000000, 0x40400000, 0x40800000}},
    {SPP_F64,
     8,
     {0, 0x3ff0000000000000, 0x4000000000000000, 0x4008000000000000, 0x4010000000000000}},
    {SPP_F16, 2, {0, 0x3c00, 0x4000, 0x4200, 0x4400}},
    {SPP_BF16, 2, {0, 0x3f80, 0x4000, 0x4040, 0x4080}}};

// The gradient of one map of 12 x 8 valid cells, which levels of 1, 2 and 4 bins divide evenly; all
// gradients of bins are 1.
class Call {
 public:
  Call(std::int32_t tier, const Element &element, std::initializer_list<std::int32_t> sides,
       std::int64_t channels)
      : element_(element),
        channels_(channels),
        levels_(square(sides)),
        pooling_(options(tier, element, levels_)) {
    const spp_pooling &pooling = *static_cast<const spp_pooling *>(pooling_);
    const auto numbers = static_cast<std::size_t>(pooling.bins * channels);
    gradients_.resize(numbers * element.bytes);
    for (std::size_t k = 0; k < numbers; ++k)
      std::memcpy(&gradients_[k * element.bytes], &element.numbers[1], element.bytes);
    for (const std::int32_t side : sides)
      for (std::int64_t i = 0; i < side; ++i)
        for (std::int64_t j = 0; j < side; ++j)
          for (std::int64_t c = 0; c < channels; ++c)
            positions_.push_back(winner(i * valid_height / side, (i + 1) * valid_height / side,
                                        j * valid_width / side, (j + 1) * valid_width / side, c));
    map_.assign(static_cast<std::size_t>(height * width * channels) * element.bytes, char(0x55));
    scratch_.resize(
        static_cast<std::size_t>(spp::GradientWriter::scratch_bytes(pooling, channels)) + 64);
  }

  // Writes the map in ranges of rows up to these; returns what has been missed in all of them.
  spp::Missed write(std::initializer_list<std::int64_t> ends) {
    const spp_pooling &pooling = *static_cast<const spp_pooling *>(pooling_);
    spp::Image image = {};
    image.height = height;
    image.width = image.map_width = width;
    image.row_stride = width * channels_;
    image.column_stride = channels_;
    image.channel_stride = 1;
    char *const aligned =
        scratch_.data() + (64 - reinterpret_cast<std::uintptr_t>(scratch_.data()) % 64) % 64;
    const spp::GradientPart part = {pooling,
                                    gradients_.data(),
                                    reinterpret_cast<const char *>(positions_.data()),
                                    false,
                                    {},
                                    channels_,
                                    0,
                                    channels_,
                                    image,
                                    map_.data(),
                                    valid_height,
                                    valid_width,
                                    aligned,
                                    static_cast<std::int64_t>(scratch_.size()) - 64};
    spp::GradientWriter writer(pooling, static_cast<std::int64_t>(map_.size()));
    EXPECT_TRUE(writer.can_split(part));
    spp::Missed all = {};
    std::int64_t first = 0;
    for (const std::int64_t end : ends) {
      const spp::Missed missed = writer.write_rows(part, {first, end});
      all.finest += missed.finest;
      all.coarse += missed.coarse;
      first = end;
    }
    return all;
  }

  // Is each cell as many bins' gradient as have it as their winner?
  bool map_is_right() const {
    for (std::int64_t cell = 0; cell < height * width; ++cell)
      for (std::int64_t c = 0; c < channels_; ++c) {
        std::size_t won = 0;
        for (auto k = static_cast<std::size_t>(c); k < positions_.size();
             k += static_cast<std::size_t>(channels_))
          won += positions_[k] == cell;
        const std::size_t at = static_cast<std::size_t>(cell * channels_ + c) * element_.bytes;
        if (std::memcmp(&map_[at], &element_.numbers[won], element_.bytes) != 0) return false;
      }
    return true;
  }

  std::int32_t &position(std::int64_t bin, std::int64_t channel) {
    return positions_[static_cast<std::size_t>(bin * channels_ + channel)];
  }

  static constexpr std::int64_t height = 14, width = 9, valid_height = 12, valid_width = 8;

 private:
  static spp_options options(std::int32_t tier, const Element &element,
                             const std::vector<spp_level> &levels) {
    spp_options options = options_for(levels);
    options.element_type = element.type;
    options.tier = tier;
    return options;
  }

  // The largest of numbers that are all different.
  static std::int32_t winner(std::int64_t top, std::int64_t bottom, std::int64_t left,
                             std::int64_t right, std::int64_t channel) {
    std::int64_t best = -1, where = 0;
    for (std::int64_t y = top; y < bottom; ++y)
      for (std::int64_t x = left; x < right; ++x) {
        const std::int64_t number = ((y * width + x + 1) * (37 + channel)) % 9973;
        if (number <= best) continue;
        best = number;
        where = y * width + x;
      }
    return static_cast<std::int32_t>(where);
  }

  const Element &element_;
  const std::int64_t channels_;
  const std::vector<spp_level> levels_;
  const Pooling pooling_;
  std::vector<char> gradients_, map_, scratch_;
  std::vector<std::int32_t> positions_;
};

class Winners : public TierTest {
 protected:
  // Whole vectors of any tier and type, and such with a rest.
  template <class Check>
  static void for_calls(Check check) {
    for (const Element &element : elements)
      for (const std::int64_t channels : {64, 65, 71, 96, 100})
        for (const std::initializer_list<std::int32_t> &sides :
             {std::initializer_list<std::int32_t>{1, 2, 4}, {4, 2, 1}, {2, 4}, {4}, {1, 2, 4, 4}})
          check(Call(GetParam(), element, sides, channels), sides);
  }
};

TEST_P(Winners, AreAllFound) {
  for_calls([](Call call, const auto &) {
    const spp::Missed missed = call.write({Call::height});
    EXPECT_EQ(missed.finest, 0);
    EXPECT_EQ(missed.coarse, 0);
    EXPECT_TRUE(call.map_is_right());
  });
}

// Ranges that end within rows of bins and between them.
TEST_P(Winners, AreAllFoundByRangesOfRows) {
  for_calls([](Call call, const auto &) {
    const spp::Missed missed = call.write({1, 3, 5, 11, 12, 13, Call::height});
    EXPECT_EQ(missed.finest, 0);
    EXPECT_EQ(missed.coarse, 0);
    EXPECT_TRUE(call.map_is_right());
  });
}

// A winner of a coarse bin that has won no finest one, and one of a finest bin outside of it.
TEST_P(Winners, ThatAreNoneAreNoticed) {
  for_calls([](Call call, const std::initializer_list<std::int32_t> &sides) {
    std::int64_t bin = 0;
    for (const std::int32_t side : sides) {
      for (const std::int64_t channel : {0, 63}) {
        std::int32_t &position = call.position(bin, channel);
        const std::int32_t right = position;
        position = side == 4 ? static_cast<std::int32_t>(Call::valid_width - 1) : -1;
        const spp::Missed missed = call.write({Call::height});
        EXPECT_TRUE(missed.finest != 0 || missed.coarse != 0);
        position = right;
      }
      bin += side * side;
    }
  });
}

SPP_TEST_EVERY_TIER(Winners);

}  // namespace
