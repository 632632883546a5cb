// From boxes to windows (docs/values.md, section 7), with numbers worked out by hand.

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <vector>

#include "spp.h"

bool operator==(const spp_region &a, const spp_region &b) {
  return a.image == b.image && a.y == b.y && a.x == b.x && a.height == b.height &&
         a.width == b.width;
}

std::ostream &operator<<(std::ostream &stream, const spp_region &region) {
  return stream << '{' << region.image << ", " << region.y << ", " << region.x << ", "
                << region.height << ", " << region.width << '}';
}

namespace {

struct Pair {
  float x1, y1, x2, y2;
  spp_region region;  // image, y, x, height, width
};

spp_region paper(const Pair &pair, float stride) {
  spp_region region = {};
  EXPECT_EQ(spp_project_paper(&pair.x1, nullptr, 1, stride, 38, 50, &region), SPP_OK)
      << spp_last_error();
  return region;
}

spp_region roi_pool(const Pair &pair, float scale) {
  spp_region region = {};
  EXPECT_EQ(spp_project_roi_pool(&pair.x1, nullptr, 1, scale, &region), SPP_OK) << spp_last_error();
  return region;
}

TEST(Projections, PaperSample) {
  const std::vector<Pair> pairs = {
      {0, 0, 100, 200, {0, 1, 1, 12, 6}},
      {32, 32, 64, 64, {0, 3, 3, 1, 1}},          // whole strides
      {33, 17, 40, 31, {0, 1, 2, 1, 1}},          // within a cell: columns 3 to 2, rows 2 to 1
      {-50, -50, 2000, 2000, {0, 0, 0, 38, 50}},  // -3 to 124
      {100, 0, 20, 50, {0, 1, 4, 3, 1}},          // columns 7 to 1
      {900, 0, 950, 16, {0, 0, 49, 1, 1}},        // right of the map; rows 1 to 0
  };
  for (const Pair &pair : pairs) EXPECT_EQ(paper(pair, 16), pair.region);
  // 0.3F / 0.1F is above 3 and rounds to it.
  EXPECT_EQ(paper({0, 0, 0.3F, 0.3F, {}}, 0.1F), (spp_region{0, 1, 1, 2, 2}));
}

TEST(Projections, PaperOnASingleCell) {
  const float boxes[] = {0, 0, 100, 200, -300, -200, -100, -50};
  spp_region regions[2] = {};
  ASSERT_EQ(spp_project_paper(boxes, nullptr, 2, 16, 1, 1, regions), SPP_OK) << spp_last_error();
  EXPECT_EQ(regions[0], (spp_region{0, 0, 0, 1, 1}));
  EXPECT_EQ(regions[1], (spp_region{0, 0, 0, 1, 1}));
}

TEST(Projections, RoiPoolSample) {
  const std::vector<Pair> pairs = {
      {0, 0, 100, 200, {0, 0, 0, 14, 7}},
      {8, 24, 40, 56, {0, 2, 1, 3, 3}},      // halves, away from zero
      {-8, -24, -40, 0, {0, -2, -1, 3, 1}},  // columns -1 to -3
      {4000, 16, 4800, 16, {0, 1, 250, 1, 51}},
  };
  for (const Pair &pair : pairs) EXPECT_EQ(roi_pool(pair, 0.0625F), pair.region);
  // 5 * 0.7F is below 3.5 and rounds to it.
  EXPECT_EQ(roi_pool({5, 0, 5, 0, {}}, 0.7F), (spp_region{0, 0, 4, 1, 1}));
}

TEST(Projections, ImagesSample) {
  const std::vector<float> boxes = {0, 0, 32, 32, 16, 16, 80, 80};
  const std::vector<std::int64_t> images = {7, 3};
  std::vector<spp_region> regions(2);
  ASSERT_EQ(spp_project_paper(boxes.data(), images.data(), 2, 16, 38, 50, regions.data()), SPP_OK);
  EXPECT_EQ(regions[0], (spp_region{7, 1, 1, 1, 1}));
  EXPECT_EQ(regions[1], (spp_region{3, 2, 2, 3, 3}));
  ASSERT_EQ(spp_project_roi_pool(boxes.data(), images.data(), 2, 0.0625F, regions.data()), SPP_OK);
  EXPECT_EQ(regions[0], (spp_region{7, 0, 0, 3, 3}));
  EXPECT_EQ(regions[1], (spp_region{3, 1, 1, 5, 5}));
}

}  // namespace
