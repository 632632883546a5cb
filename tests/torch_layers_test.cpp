// The recorded answers of PyTorch's adaptive_max_pool2d, whose rule SPP_BINS_ADAPTIVE is, with the
// indices of the maxima (data/README.md).

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/arrays.hpp"
#include "support/pooling.hpp"
#include "support/recording.hpp"

namespace {

struct Case {
  std::int32_t images, channels, height, width;
  std::vector<spp_level> levels;
  std::vector<std::uint32_t> input;
  std::vector<std::uint32_t> output, indices, output_gradient;
  std::vector<std::uint32_t> input_gradient;
};

Case read_case(Recording &reader) {
  Case recorded = {};
  recorded.images = reader.integer();
  recorded.channels = reader.integer();
  recorded.height = reader.integer();
  recorded.width = reader.integer();
  std::size_t bins = 0;
  for (std::int32_t left = reader.integer(); left > 0; --left) {
    const std::int32_t side = reader.integer();
    recorded.levels.push_back({side, side});
    bins += static_cast<std::size_t>(side * side);
  }
  const auto planes = static_cast<std::size_t>(recorded.images * recorded.channels);
  const std::size_t size = planes * static_cast<std::size_t>(recorded.height * recorded.width);
  recorded.input = reader.words(size);
  recorded.output = reader.words(planes * bins);
  recorded.indices = reader.words(planes * bins);
  recorded.output_gradient = reader.words(planes * bins);
  recorded.input_gradient = reader.words(size);
  return recorded;
}

spp_options options_of(const Case &recorded, std::int32_t tier) {
  spp_options options = options_for(recorded.levels);
  options.bin_rule = SPP_BINS_ADAPTIVE;
  options.order = SPP_ORDER_CHANNELS_BINS;
  options.layout = SPP_LAYOUT_NCHW;
  options.tier = tier;
  return options;
}

spp_batch maps_of(const Case &recorded) {
  return batch_of(recorded.input.data(), recorded.images, recorded.height, recorded.width,
                  recorded.channels);
}

bool is_nan(std::uint32_t word) { return (word & 0x7fffffffU) > 0x7f800000U; }

class TorchLayers : public TierTest {};

TEST_P(TorchLayers, ValuesAndIndices) {
  Recording reader("torch_layers.bin");
  int cases = 0;
  for (; reader.more(); ++cases) {
    SCOPED_TRACE(testing::Message() << "case " << cases);
    const Case recorded = read_case(reader);
    const Pooling pooling(options_of(recorded, GetParam()));
    const spp_batch batch = maps_of(recorded);
    std::vector<std::uint32_t> values(recorded.output.size());
    std::vector<std::int32_t> positions(recorded.output.size());
    const spp_output output = output_of(values);
    const spp_argmax argmax = argmax_of(positions);
    ASSERT_EQ(spp_pool_argmax(pooling, &batch, &output, &argmax, nullptr), SPP_OK)
        << spp_last_error();
    for (std::size_t k = 0; k < values.size(); ++k) {
      // PyTorch keeps the sign of a zero, and of several NaNs finds the last.
      const std::uint32_t wanted = recorded.output[k] == 0x80000000U ? 0 : recorded.output[k];
      ASSERT_EQ(values[k], wanted) << k;
      if (!is_nan(wanted)) {
        ASSERT_EQ(positions[k], static_cast<std::int32_t>(recorded.indices[k])) << k;
      }
    }
  }
  EXPECT_EQ(cases, 61);
}

// From PyTorch's own indices, those of NaNs too.
TEST_P(TorchLayers, Gradients) {
  Recording reader("torch_layers.bin");
  int cases = 0;
  for (; reader.more(); ++cases) {
    SCOPED_TRACE(testing::Message() << "case " << cases);
    const Case recorded = read_case(reader);
    const Pooling pooling(options_of(recorded, GetParam()));
    const spp_batch batch = maps_of(recorded);
    std::vector<std::uint32_t> indices = recorded.indices;
    std::vector<std::uint32_t> result(recorded.input.size());
    const spp_gradient gradient = gradient_of(recorded.output_gradient);
    const spp_argmax argmax = argmax_of(indices);
    ASSERT_EQ(spp_backward(pooling, &gradient, &argmax, &batch, result.data(), nullptr), SPP_OK)
        << spp_last_error();
    ASSERT_EQ(result, recorded.input_gradient);
  }
  EXPECT_EQ(cases, 61);
}

SPP_TEST_EVERY_TIER(TorchLayers);

}  // namespace
