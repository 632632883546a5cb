// The recorded answers of the Keras layer whose rule SPP_BINS_ROUNDED is (data/README.md).

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/arrays.hpp"
#include "support/pooling.hpp"
#include "support/recording.hpp"

namespace {

struct Case {
  std::int32_t images, height, width, channels;
  std::vector<spp_level> levels;
  std::vector<std::uint32_t> input;  // in the layout of the file
  std::vector<std::uint32_t> output;
};

Case read_case(Recording &reader) {
  Case recorded = {};
  recorded.images = reader.integer();
  recorded.height = reader.integer();
  recorded.width = reader.integer();
  recorded.channels = reader.integer();
  const std::int32_t level_count = reader.integer();
  std::size_t bins = 0;
  for (std::int32_t k = 0; k < level_count; ++k) {
    const std::int32_t side = reader.integer();
    recorded.levels.push_back({side, side});
    bins += static_cast<std::size_t>(side * side);
  }
  const auto vectors = static_cast<std::size_t>(recorded.images * recorded.channels);
  recorded.input =
      reader.words(vectors * static_cast<std::size_t>(recorded.height * recorded.width));
  recorded.output = reader.words(vectors * bins);
  return recorded;
}

std::vector<std::uint32_t> pooled(const Case &recorded, std::int32_t tier, std::int32_t layout) {
  spp_options options = options_for(recorded.levels);
  options.empty_policy = SPP_EMPTY_LOWEST;
  options.layout = layout;
  options.tier = tier;
  const Pooling pooling(options);
  const spp_batch batch = batch_of(recorded.input.data(), recorded.images, recorded.height,
                                   recorded.width, recorded.channels);
  std::vector<std::uint32_t> result(recorded.output.size());
  const spp_output output = output_of(result);
  EXPECT_EQ(spp_pool(pooling, &batch, &output, nullptr), SPP_OK) << spp_last_error();
  return result;
}

class KerasLayer : public TierTest {};

TEST_P(KerasLayer, ChannelsLast) {
  Recording reader("keras_layer_nhwc.bin");
  int cases = 0;
  for (; reader.more(); ++cases) {
    const Case recorded = read_case(reader);
    EXPECT_EQ(pooled(recorded, GetParam(), SPP_LAYOUT_NHWC), recorded.output) << "case " << cases;
  }
  EXPECT_EQ(cases, 17);
}

TEST_P(KerasLayer, ChannelsFirst) {
  Recording reader("keras_layer_nchw.bin");
  int cases = 0;
  for (; reader.more(); ++cases) {
    const Case recorded = read_case(reader);
    EXPECT_EQ(pooled(recorded, GetParam(), SPP_LAYOUT_NCHW), recorded.output) << "case " << cases;
  }
  EXPECT_EQ(cases, 23);
}

SPP_TEST_EVERY_TIER(KerasLayer);

}  // namespace
