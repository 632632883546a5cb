// Tensors beyond 2^31 elements and beyond 4 GiB.  Their memory is never written but for a few bytes:
// pages that are only read cost no memory.
#include <gtest/gtest.h>
#include <spp.h>
#include <sys/mman.h>

#include <cstdint>
#include <vector>

#include "support/scenario.hpp"

namespace {

// 5,280,000,000 bytes: 40000 x 33000 cells of 4 channels.
constexpr std::int64_t height = 40000;
constexpr std::int64_t width = 33000;
constexpr std::int64_t channels = 4;
constexpr std::size_t bytes = std::size_t{height} * width * channels;

class ValuesBeyond32Bits : public testing::TestWithParam<std::int32_t> {
 protected:
  void SetUp() override {
    if (spp_tier_refusal(GetParam()) != nullptr) GTEST_SKIP() << spp_tier_refusal(GetParam());
    void *const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) GTEST_SKIP() << "no address space for " << bytes << " bytes";
    map_ = static_cast<std::uint8_t *>(memory);
  }
  void TearDown() override {
    if (map_ != nullptr) munmap(map_, bytes);
  }

  // Levels 1 and 2: the whole map, and its quarters.
  std::vector<std::uint8_t> pool(std::int32_t layout) const {
    const spp_level levels[] = {{1, 1}, {2, 2}};
    spp_options options{};
    options.struct_size = sizeof options;
    options.levels = levels;
    options.level_count = 2;
    options.element_type = SPP_U8;
    options.layout = layout;
    options.tier = GetParam();
    spp_pooling *pooling = nullptr;
    EXPECT_EQ(spp_pooling_create(&options, &pooling), SPP_OK) << spp_last_error();
    spp_batch batch{};
    batch.struct_size = sizeof batch;
    batch.data = map_;
    batch.count = 1;
    batch.height = height;
    batch.width = width;
    batch.channels = channels;
    std::vector<std::uint8_t> row(5 * channels, 99);
    spp_output output{};
    output.struct_size = sizeof output;
    output.data = row.data();
    output.capacity = 5 * channels;
    EXPECT_EQ(spp_pool(pooling, &batch, &output, nullptr), SPP_OK) << spp_last_error();
    spp_pooling_destroy(pooling);
    return row;
  }

  std::uint8_t *map_ = nullptr;
};

TEST_P(ValuesBeyond32Bits, Pixels) {
  map_[0] = 7;                                     // first cell, channel 0
  map_[bytes - 1] = 200;                           // last cell, channel 3
  map_[(width - 1) * channels + 1] = 9;            // last cell of the first row, channel 1
  map_[(height - 1) * width * channels + 2] = 11;  // first cell of the last row, channel 2
  EXPECT_EQ(pool(SPP_LAYOUT_NHWC), (std::vector<std::uint8_t>{7, 9, 11, 200, 7,  0, 0, 0, 0, 9,
                                                              0, 0, 0,  0,   11, 0, 0, 0, 0, 200}));
}

TEST_P(ValuesBeyond32Bits, Planes) {
  constexpr std::int64_t plane = height * width;
  map_[0] = 7;
  map_[bytes - 1] = 200;
  map_[plane + width - 1] = 9;
  map_[2 * plane + (height - 1) * width] = 11;
  EXPECT_EQ(pool(SPP_LAYOUT_NCHW), (std::vector<std::uint8_t>{7, 9, 11, 200, 7,  0, 0, 0, 0, 9,
                                                              0, 0, 0,  0,   11, 0, 0, 0, 0, 200}));
}

// Edges of bins that float32 no longer has to the half cell.
class LongMaps : public TierTest {};

TEST_P(LongMaps, MoreThanAMillionColumns) {
  Scenario scenario;
  scenario.recipe.levels = {{1, 1}, {1, 7}, {1, 12}};
  scenario.recipe.element_type = SPP_U8;
  scenario.width = (1 << 20) + 3;
  EXPECT_TRUE(agrees(GetParam(), scenario));
}

SPP_TEST_EVERY_TIER(LongMaps);

INSTANTIATE_TEST_SUITE_P(Tier, ValuesBeyond32Bits,
                         testing::Values(SPP_TIER_PORTABLE, SPP_TIER_NEON, SPP_TIER_AVX2,
                                         SPP_TIER_AVX512),
                         [](const auto &tier) { return spp_tier_name(tier.param); });

}  // namespace
