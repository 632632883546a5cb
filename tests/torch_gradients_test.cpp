// Gradients that PyTorch's adaptive_max_pool2d gave, from its own positions (data/README.md).

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "support/pooling.hpp"

namespace {

struct Case {
  std::int32_t images, height, width, channels;
  std::vector<spp_level> levels;
  std::vector<std::int32_t> positions;
  std::vector<float> rows;
  std::vector<float> gradient;  // images, channels, rows, columns
};

template <typename T>
std::vector<T> read(std::ifstream &file, std::int64_t count) {
  std::vector<T> result(static_cast<std::size_t>(count));
  file.read(reinterpret_cast<char *>(result.data()),
            static_cast<std::streamsize>(result.size() * sizeof(T)));
  EXPECT_TRUE(file.good());
  return result;
}

Case read_case(std::ifstream &file) {
  Case recorded;
  const std::vector<std::int32_t> header = read<std::int32_t>(file, 5);
  recorded.images = header[0];
  recorded.height = header[1];
  recorded.width = header[2];
  recorded.channels = header[3];
  std::int64_t bins = 0;
  for (const std::int32_t side : read<std::int32_t>(file, header[4])) {
    recorded.levels.push_back({side, side});
    bins += std::int64_t{side} * side;
  }
  const std::int64_t planes = std::int64_t{recorded.images} * recorded.channels;
  recorded.positions = read<std::int32_t>(file, planes * bins);
  recorded.rows = read<float>(file, planes * bins);
  recorded.gradient = read<float>(file, planes * recorded.height * recorded.width);
  return recorded;
}

// The library's answer, in the order of the recording whatever the layout.
std::vector<float> gradient_of(const Case &recorded, std::int32_t tier, std::int32_t layout) {
  spp_options options = options_for(recorded.levels);
  options.bin_rule = SPP_BINS_ADAPTIVE;
  options.order = SPP_ORDER_CHANNELS_BINS;
  options.layout = layout;
  options.tier = tier;
  const Pooling pooling(options);
  spp_gradient gradient = {};
  gradient.struct_size = sizeof gradient;
  gradient.data = recorded.rows.data();
  gradient.capacity = static_cast<std::int64_t>(recorded.rows.size());
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = const_cast<std::int32_t *>(recorded.positions.data());
  argmax.capacity = gradient.capacity;
  argmax.index_type = SPP_INDEX_I32;
  spp_batch maps = {};
  maps.struct_size = sizeof maps;
  maps.count = recorded.images;
  maps.height = recorded.height;
  maps.width = recorded.width;
  maps.channels = recorded.channels;
  std::vector<float> result(recorded.gradient.size());
  EXPECT_EQ(spp_backward(pooling, &gradient, &argmax, &maps, result.data(), nullptr), SPP_OK)
      << spp_last_error();
  if (layout == SPP_LAYOUT_NCHW) return result;
  std::vector<float> planes;
  const std::int64_t cells = std::int64_t{recorded.height} * recorded.width;
  for (std::int64_t image = 0; image < recorded.images; ++image)
    for (std::int64_t c = 0; c < recorded.channels; ++c)
      for (std::int64_t cell = 0; cell < cells; ++cell)
        planes.push_back(
            result[static_cast<std::size_t>((image * cells + cell) * recorded.channels + c)]);
  return planes;
}

class TorchGradients : public TierTest {};

TEST_P(TorchGradients, AreTheRecordedOnesSample) {
  std::ifstream file(SPP_TEST_DATA "/torch_gradients.bin", std::ios::binary);
  ASSERT_TRUE(file.is_open());
  int cases = 0;
  for (; file.peek() != std::ifstream::traits_type::eof(); ++cases) {
    const Case recorded = read_case(file);
    for (const std::int32_t layout : {SPP_LAYOUT_NCHW, SPP_LAYOUT_NHWC})
      ASSERT_EQ(gradient_of(recorded, GetParam(), layout), recorded.gradient)
          << "case " << cases << ", layout " << layout;
  }
  EXPECT_EQ(cases, 30);
}

SPP_TEST_EVERY_TIER(TorchGradients);

}  // namespace
