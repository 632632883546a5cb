#include "kernel.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace spp_bench {
namespace {

void require(spp_status status) {
  if (status != SPP_OK) throw std::runtime_error(spp_last_error());
}

// Maxima of one map.  The data has no NaN and no zero, so that a plain comparison is the contract.
void pool_plainly(const float *map, const Shape &shape,
                  const std::vector<spp_rectangle> &rectangles, float *row) {
  for (const spp_rectangle &bin : rectangles) {
    std::copy_n(map + (bin.top * shape.width + bin.left) * shape.channels, shape.channels, row);
    for (std::int64_t y = bin.top; y < bin.bottom; ++y) {
      for (std::int64_t x = bin.left; x < bin.right; ++x) {
        const float *cell = map + (y * shape.width + x) * shape.channels;
        for (std::int64_t c = 0; c < shape.channels; ++c) row[c] = std::max(row[c], cell[c]);
      }
    }
    row += shape.channels;
  }
}

}  // namespace

Kernel::Kernel(const Maps &maps, const float *input, const Pyramid &pyramid, std::int32_t tier,
               std::int32_t thread_limit)
    : maps_(maps), input_(input) {
  spp_options options{};
  options.struct_size = sizeof options;
  options.levels = pyramid.sides.data();
  options.level_count = static_cast<std::int64_t>(pyramid.sides.size());
  options.bin_rule = pyramid.bin_rule;
  options.tier = tier;
  spp_pooling *pooling = nullptr;
  require(spp_pooling_create(&options, &pooling));
  pooling_.reset(pooling);
  batch_.struct_size = sizeof batch_;
  batch_.data = input;
  batch_.count = maps.shape.count;
  batch_.height = maps.shape.height;
  batch_.width = maps.shape.width;
  batch_.channels = maps.shape.channels;
  output_.struct_size = sizeof output_;
  output_.data = maps.output;
  output_.capacity = maps.output_size();
  execution_.struct_size = sizeof execution_;
  execution_.thread_limit = thread_limit;
}

void Kernel::run() const { spp_pool(pooling_.get(), &batch_, &output_, &execution_); }

void Kernel::check() const {
  const std::int64_t bins = spp_pooling_bin_count(pooling_.get());
  std::vector<spp_rectangle> rectangles(static_cast<std::size_t>(bins));
  require(spp_pooling_rectangles(pooling_.get(), maps_.shape.height, maps_.shape.width,
                                 rectangles.data(), bins));
  std::fill_n(maps_.output, maps_.output_size(), 2.0f);
  require(spp_pool(pooling_.get(), &batch_, &output_, &execution_));
  std::vector<float> row(static_cast<std::size_t>(maps_.row_size));
  const std::int64_t map_size = maps_.shape.input_size() / maps_.shape.count;
  for (std::int64_t i = 0; i < maps_.shape.count; ++i) {
    pool_plainly(input_ + i * map_size, maps_.shape, rectangles, row.data());
    if (std::memcmp(row.data(), maps_.output + i * maps_.row_size, row.size() * 4) != 0) {
      throw std::runtime_error("the output differs from a plain loop's");
    }
  }
}

}  // namespace spp_bench
