#include "region_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace spp_bench {
namespace {

constexpr float pixels_per_cell = 16;
constexpr double image_height = 38 * 16;
constexpr double image_width = 50 * 16;
constexpr double least_side = 24;  // pixels
constexpr double most_side = 600;

// The standard library's distributions differ between implementations.
class Random {
 public:
  double uniform(double from, double to) {
    return from + (to - from) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  std::int64_t integer(std::int64_t first, std::int64_t last) {
    return static_cast<std::int64_t>(
        std::floor(uniform(static_cast<double>(first), static_cast<double>(last + 1))));
  }

 private:
  std::mt19937_64 engine_{7};
};

std::vector<spp_region> projected_boxes(std::int64_t count) {
  Random random;
  std::vector<float> boxes;
  for (std::int64_t k = 0; k < count; ++k) {
    const auto side = [&] {
      return std::exp(random.uniform(std::log(least_side), std::log(most_side)));
    };
    const double height = side();
    const double width = side();
    const double top = random.uniform(0, image_height - height);
    const double left = random.uniform(0, image_width - width);
    for (const double corner : {left, top, left + width, top + height})
      boxes.push_back(static_cast<float>(corner));
  }
  std::vector<spp_region> regions(static_cast<std::size_t>(count));
  if (spp_project_roi_pool(boxes.data(), nullptr, count, 1 / pixels_per_cell, regions.data()) !=
      SPP_OK)
    throw std::runtime_error(spp_last_error());
  return regions;
}

std::vector<spp_region> uniform_windows(std::int64_t count) {
  constexpr std::int64_t least = 3;
  Random random;
  std::vector<spp_region> regions;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t height = random.integer(least, region_map.height);
    const std::int64_t width = random.integer(least, region_map.width);
    regions.push_back({0, random.integer(0, region_map.height - height),
                       random.integer(0, region_map.width - width), height, width});
  }
  return regions;
}

Pyramid four_levels() { return {"6,3,2,1", {{6, 6}, {3, 3}, {2, 2}, {1, 1}}, SPP_BINS_ADAPTIVE}; }
Pyramid seven(std::int32_t rule) { return {"7", {{7, 7}}, rule}; }

}  // namespace

const char *windows_name(Windows windows) {
  const char *const names[] = {"P", "U", "boxes"};
  return names[static_cast<std::size_t>(windows)];
}

std::vector<spp_region> some_regions(Windows windows, std::int64_t count) {
  if (windows == Windows::U) return uniform_windows(count);
  std::vector<spp_region> regions = projected_boxes(count);
  if (windows == Windows::boxes) return regions;
  for (spp_region &region : regions) {
    region.height = std::min(region.height, region_map.height - region.y);
    region.width = std::min(region.width, region_map.width - region.x);
  }
  return regions;
}

std::string RegionRow::name() const {
  return fmt::format("{}/{}/{}/{}{}", windows_name(windows), count, pyramid.levels, pyramid.rule(),
                     pages == Pages::large ? "" : "/usual_pages");
}

const std::vector<RegionRow> &region_rows() {
  static const std::vector<RegionRow> rows = [] {
    std::vector<RegionRow> table = {
        {Windows::P, 2000, four_levels(), 1.2, AtMost{1.5, 1.6}},
        {Windows::U, 2000, four_levels(), 1.3, AtMost{1.7, 1.9}},
        {Windows::P, 300, four_levels(), 1.5, AtMost{2.2, 2.4}},
        {Windows::U, 300, four_levels(), 1.5, AtMost{2.2, 2.4}},
        {Windows::P, 2000, seven(SPP_BINS_ADAPTIVE), 1.3, AtMost{1.8, 1.8}},
        {Windows::U, 2000, seven(SPP_BINS_ADAPTIVE), 1.3, AtMost{1.8, 1.8}},
        {Windows::P, 300, seven(SPP_BINS_ADAPTIVE), 1.6, AtMost{2.4, 2.4}},
        {Windows::U, 300, seven(SPP_BINS_ADAPTIVE), 1.6, AtMost{2.4, 2.4}},
        {Windows::boxes, 2000, seven(SPP_BINS_ROI)},
        {Windows::boxes, 300, seven(SPP_BINS_ROI)}};
    const std::size_t count = table.size();
    for (std::size_t k = 0; k < count; ++k) {
      table.push_back(table[k]);
      table.back().pages = Pages::usual;
    }
    return table;
  }();
  return rows;
}

const std::vector<RegionRow> &few_region_rows() {
  static const std::vector<RegionRow> table = {{Windows::P, 10, four_levels()},
                                               {Windows::U, 10, four_levels()},
                                               {Windows::P, 10, seven(SPP_BINS_ADAPTIVE)},
                                               {Windows::U, 10, seven(SPP_BINS_ADAPTIVE)}};
  return table;
}

const std::vector<RegionRow> &two_thread_region_rows() {
  static const std::vector<RegionRow> table = {{Windows::P, 2000, four_levels()},
                                               {Windows::U, 2000, four_levels()},
                                               {Windows::P, 300, four_levels()},
                                               {Windows::U, 300, four_levels()}};
  return table;
}

}  // namespace spp_bench
