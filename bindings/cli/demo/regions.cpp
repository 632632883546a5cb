#include "regions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "failure.hpp"
#include "pooling.hpp"

namespace {

constexpr float cells_per_pixel = 1.0F / 32;
constexpr const char *names[] = {"the whole photograph", "its middle", "the upper left corner",
                                 "beyond the lower right", "one pixel"};
constexpr int64_t count = sizeof names / sizeof *names;

// The strongest of a box's numbers, as people say it: which of the 3 x 3 bins, and its channel.
std::string strongest(const float *row, int64_t channels) {
  const int64_t length = 9 * channels;
  const int64_t place = std::max_element(row, row + length) - row;
  const int64_t bin = place / channels;
  return fmt::format("{:.2f} in bin {},{}", row[place], bin / 3, bin % 3);
}

}  // namespace

bool regions_of_one_map(const std::string &folder, const RealMap &map) {
  const NpyArray boxes(folder + "/rois/boxes.npy");
  const NpyArray answers(folder + "/rois/answers.npy");
  const Window whole = map.whole();
  if (boxes.size() != 4 * count || answers.size() != count * 9 * whole.channels)
    throw Failure(fmt::format("{}/rois: {} boxes with their answers are needed", folder, count));

  spp_region regions[count];
  require(spp_project_roi_pool(boxes.floats(), nullptr, count, cells_per_pixel, regions));
  PoolingChoice choice;
  choice.levels = parse_levels("3");
  choice.bin_rule = SPP_BINS_ROI;
  const Pooling pooling = make_pooling(choice);
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = whole.data;
  batch.count = 1;
  batch.height = whole.height;
  batch.width = whole.width;
  batch.channels = whole.channels;
  std::vector<float> rows(static_cast<size_t>(answers.size()));
  const spp_output output = {sizeof output, rows.data(), answers.size(), 0};
  require(spp_pool_regions(pooling.get(), &batch, regions, count, &output, nullptr, nullptr));

  fmt::print("\nRegions of the bottleneck map in one call: roi_pool of boxes of the photograph\n");
  fmt::print("  {:<22}{:>17}{:>13}{:>18}{:>8}\n", "box", "x1,y1 x2,y2", "y,x h x w", "strongest",
             "= torch");
  bool all_equal = true;
  for (int64_t k = 0; k < count; ++k) {
    const float *box = boxes.floats() + 4 * k;
    const float *row = rows.data() + k * 9 * whole.channels;
    const bool equal = std::memcmp(row, answers.floats() + k * 9 * whole.channels,
                                   static_cast<size_t>(9 * whole.channels) * sizeof(float)) == 0;
    const spp_region &region = regions[k];
    fmt::print("  {:<22}{:>17}{:>13}{:>18}{:>8}\n", names[k],
               fmt::format("{},{} {},{}", box[0], box[1], box[2], box[3]),
               fmt::format("{},{} {} x {}", region.y, region.x, region.height, region.width),
               strongest(row, whole.channels), equal ? "yes" : "NO");
    all_equal = all_equal && equal;
  }
  return all_equal;
}
