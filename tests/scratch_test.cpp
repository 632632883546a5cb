// Kernels stay within their scratch, seen from inside the library: behind it lies other scratch, so that
// what is written past its end changes a result only by chance.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "dispatch.hpp"
#include "support/guarded.hpp"
#include "support/pooling.hpp"

namespace {

class Scratch : public TierTest {
 protected:
  // Streams a map of one row and as many columns as bins through accumulators before a page that cannot
  // be touched; true if each bin is its pixel.
  static bool streams(std::int32_t columns, std::int64_t channels, bool with_positions) {
    const std::vector<spp_level> levels = {{1, columns}};
    spp_options options = options_for(levels);
    options.tier = GetParam();
    const Pooling handle(options);
    const spp_pooling &pooling = *static_cast<const spp_pooling *>(handle);
    std::vector<std::uint64_t> memory(spp::grid_bytes(pooling, {}) / 8 + 1);
    spp::Arena arena(memory.data(), memory.size() * 8);
    const spp::Grid grid =
        spp::make_grid(pooling, spp::whole_axis(1), spp::whole_axis(columns), {}, {0, 1}, arena);
    std::vector<float> map;
    for (std::int64_t k = 0; k < columns * channels; ++k)
      map.push_back(static_cast<float>(k * 7919 % 104729));
    std::vector<float> bins(map.size());
    std::vector<std::int32_t> positions(map.size());
    GuardedBuffer guarded(spp::accumulator_bytes);

    spp::Job job = {};
    job.grid = &grid;
    job.last_pass = grid.pass_count;
    job.map = map.data();
    job.row_stride = columns * channels;
    job.column_stride = channels;
    job.channel_stride = 1;
    job.channels = channels;
    job.bins = bins.data();
    job.bin_stride = channels;
    job.bin_positions = positions.data();
    job.map_width = columns;
    job.target_rows = {0, 1};
    job.target_columns = {0, columns};
    job.accumulators = guarded.place(spp::accumulator_bytes, 1, Placement::flush_end, 0x55);
    job.stream = true;
    const spp::KernelTable &kernels =
        with_positions ? *pooling.tier->argmax_kernels : *pooling.tier->kernels;
    kernels.rows[SPP_F32].kernels[SPP_NAN_PROPAGATE](job);
    if (with_positions)
      for (std::size_t k = 0; k < positions.size(); ++k)
        if (positions[k] != static_cast<std::int64_t>(k) / channels) return false;
    return bins == map && guarded.margins_hold();
  }
};

TEST_P(Scratch, OfValuesIsLargeEnough) {
  for (const std::int32_t columns : {1, 3, 24, 100, 200, 384})
    for (const std::int64_t channels : {15, 16, 17, 64, 100, 256, 6144})
      EXPECT_TRUE(streams(columns, channels, false)) << columns << ", " << channels;
}

TEST_P(Scratch, OfPositionsIsLargeEnough) {
  for (const std::int32_t columns : {1, 3, 24, 64, 80, 300})
    for (const std::int64_t channels : {15, 16, 17, 32, 64, 100, 256, 2560})
      EXPECT_TRUE(streams(columns, channels, true)) << columns << ", " << channels;
}

SPP_TEST_EVERY_TIER(Scratch);

}  // namespace
