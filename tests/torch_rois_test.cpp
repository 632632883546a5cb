// The recorded answers of torchvision's roi_pool (data/README.md).

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "support/arrays.hpp"
#include "support/pooling.hpp"
#include "support/recording.hpp"

namespace {

struct Case {
  std::int32_t images, channels, height, width, side, boxes;
  float scale;
  std::vector<std::int64_t> box_images;
  std::vector<float> corners;
  std::vector<std::uint32_t> input, output;
};

Case read_case(Recording &reader) {
  Case recorded = {};
  recorded.images = reader.integer();
  recorded.channels = reader.integer();
  recorded.height = reader.integer();
  recorded.width = reader.integer();
  recorded.side = reader.integer();
  recorded.boxes = reader.integer();
  const std::uint32_t scale = reader.words(1).front();
  std::memcpy(&recorded.scale, &scale, sizeof scale);
  for (std::int32_t k = 0; k < recorded.boxes; ++k) recorded.box_images.push_back(reader.integer());
  const auto boxes = static_cast<std::size_t>(recorded.boxes);
  const std::vector<std::uint32_t> corners = reader.words(4 * boxes);
  recorded.corners.resize(corners.size());
  std::memcpy(recorded.corners.data(), corners.data(), corners.size() * sizeof(float));
  const auto channels = static_cast<std::size_t>(recorded.channels);
  recorded.input = reader.words(static_cast<std::size_t>(recorded.images) * channels *
                                static_cast<std::size_t>(recorded.height * recorded.width));
  recorded.output =
      reader.words(boxes * channels * static_cast<std::size_t>(recorded.side * recorded.side));
  return recorded;
}

class TorchRois : public TierTest {};

TEST_P(TorchRois, Values) {
  Recording reader("torch_rois.bin");
  int cases = 0;
  for (; reader.more(); ++cases) {
    const Case recorded = read_case(reader);
    std::vector<spp_region> regions(static_cast<std::size_t>(recorded.boxes));
    ASSERT_EQ(spp_project_roi_pool(recorded.corners.data(), recorded.box_images.data(),
                                   recorded.boxes, recorded.scale, regions.data()),
              SPP_OK)
        << spp_last_error();
    const spp_batch batch = batch_of(recorded.input.data(), recorded.images, recorded.height,
                                     recorded.width, recorded.channels);
    for (const std::int32_t order : {SPP_ORDER_CHANNELS_BINS, SPP_ORDER_BINS_CHANNELS}) {
      SCOPED_TRACE(testing::Message() << "case " << cases << ", order " << order);
      const std::vector<spp_level> levels = {{recorded.side, recorded.side}};
      spp_options options = options_for(levels);
      options.bin_rule = SPP_BINS_ROI;
      options.order = order;
      options.layout = SPP_LAYOUT_NCHW;
      options.tier = GetParam();
      const Pooling pooling(options);
      std::vector<std::uint32_t> values(recorded.output.size());
      const spp_output output = output_of(values);
      ASSERT_EQ(spp_pool_regions(pooling, &batch, regions.data(), recorded.boxes, &output, nullptr,
                                 nullptr),
                SPP_OK)
          << spp_last_error();
      const auto bins = static_cast<std::size_t>(recorded.side * recorded.side);
      const auto channels = static_cast<std::size_t>(recorded.channels);
      for (std::size_t k = 0; k < values.size(); ++k) {  // in torchvision's order
        const std::size_t row = k / (bins * channels);
        const std::size_t c = k / bins % channels;
        const std::size_t place =
            order == SPP_ORDER_CHANNELS_BINS ? k : (row * bins + k % bins) * channels + c;
        // torchvision keeps the sign of a zero.
        const std::uint32_t wanted = recorded.output[k] == 0x80000000U ? 0 : recorded.output[k];
        ASSERT_EQ(values[place], wanted) << k;
      }
    }
  }
  EXPECT_EQ(cases, 36);
}

SPP_TEST_EVERY_TIER(TorchRois);

}  // namespace
