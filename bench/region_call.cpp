#include "region_call.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace spp_bench {
namespace {

constexpr std::array<std::int64_t, 4> strides = {
    region_map.height * region_map.width * region_map.channels,
    region_map.width *region_map.channels, region_map.channels, 1};

void require(spp_status status) {
  if (status != SPP_OK) throw std::runtime_error(spp_last_error());
}

struct Interval {
  std::int64_t first, last;
};

// docs/values.md, section 1 and 7.
Interval bin_of(std::int32_t rule, std::int64_t start, std::int64_t size, std::int64_t length,
                std::int32_t bins, std::int32_t index) {
  if (rule == SPP_BINS_ADAPTIVE)
    return {start + index * size / bins, start + ((index + 1) * size + bins - 1) / bins};
  const float side = static_cast<float>(size) / static_cast<float>(bins);
  const float from = static_cast<float>(index) * side;
  const float to = static_cast<float>(index + 1) * side;
  const auto clip = [&](float edge) {
    return std::clamp<std::int64_t>(start + static_cast<std::int64_t>(edge), 0, length);
  };
  return {clip(std::floor(from)), clip(std::ceil(to))};
}

// The data has no NaN and no zero, so that a plain comparison is the contract.
void pool_plainly(const float *map, Interval rows, Interval columns, float *result) {
  const bool empty = rows.first >= rows.last || columns.first >= columns.last;
  std::fill_n(result, region_map.channels, empty ? 0.0F : -HUGE_VALF);
  for (std::int64_t y = rows.first; y < rows.last; ++y)
    for (std::int64_t x = columns.first; x < columns.last; ++x)
      for (std::int64_t c = 0; c < region_map.channels; ++c)
        result[c] = std::max(result[c], map[y * strides[1] + x * strides[2] + c]);
}

}  // namespace

RegionCall::RegionCall(const RegionRow &row, std::int32_t tier, std::int32_t thread_limit)
    : row_(row),
      maps_(
          maps_of(region_map, row.pyramid.bins() * row.count, element_types().front(), row.pages)),
      regions_(some_regions(row.windows, row.count)) {
  spp_options options{};
  options.struct_size = sizeof options;
  options.levels = row_.pyramid.sides.data();
  options.level_count = static_cast<std::int64_t>(row_.pyramid.sides.size());
  options.bin_rule = row_.pyramid.bin_rule;
  options.tier = tier;
  spp_pooling *pooling = nullptr;
  require(spp_pooling_create(&options, &pooling));
  pooling_.reset(pooling);
  batch_.struct_size = sizeof batch_;
  batch_.data = maps_.input;
  batch_.count = region_map.count;
  batch_.height = region_map.height;
  batch_.width = region_map.width;
  batch_.channels = region_map.channels;
  output_.struct_size = sizeof output_;
  output_.data = maps_.output;
  output_.capacity = output_size();
  execution_.struct_size = sizeof execution_;
  execution_.thread_limit = thread_limit;
  for (const spp_region &region : regions_)
    windows_.push_back(
        {sizeof(spp_map), first_cell(region), region.height, region.width, strides.data() + 1});
}

const float *RegionCall::first_cell(const spp_region &region) const {
  return maps_.input + region.y * strides[1] + region.x * strides[2];
}

void RegionCall::run() const {
  require(spp_pool_regions(pooling_.get(), &batch_, regions_.data(), row_.count, &output_, nullptr,
                           &execution_));
}

void RegionCall::run_one_by_one() const {
  spp_batch window = batch_;
  window.strides = strides.data();
  spp_output result = output_;
  result.capacity = row_length();
  float *to = maps_.output;
  for (const spp_region &region : regions_) {
    window.data = first_cell(region);
    window.height = region.height;
    window.width = region.width;
    result.data = to;
    require(spp_pool(pooling_.get(), &window, &result, &execution_));
    to += row_length();
  }
}

void RegionCall::run_as_maps() const {
  require(spp_pool_ragged(pooling_.get(), windows_.data(), row_.count, region_map.channels,
                          &output_, &execution_));
}

void RegionCall::check() const {
  constexpr std::int64_t checked = 100;
  run();
  std::vector<float> wanted(static_cast<std::size_t>(row_length()));
  const std::int64_t step = std::max<std::int64_t>(1, row_.count / checked);
  for (std::int64_t k = 0; k < row_.count; k += step) {
    const spp_region &region = regions_[static_cast<std::size_t>(k)];
    float *result = wanted.data();
    for (const spp_level &level : row_.pyramid.sides) {
      for (std::int32_t i = 0; i < level.rows * level.columns; ++i, result += region_map.channels) {
        const std::int32_t rule = row_.pyramid.bin_rule;
        pool_plainly(
            maps_.input,
            bin_of(rule, region.y, region.height, region_map.height, level.rows, i / level.columns),
            bin_of(rule, region.x, region.width, region_map.width, level.columns,
                   i % level.columns),
            result);
      }
    }
    if (std::memcmp(wanted.data(), maps_.output + k * row_length(),
                    wanted.size() * sizeof(float)) != 0)
      throw std::runtime_error("the output differs from a plain loop's");
  }
}

}  // namespace spp_bench
