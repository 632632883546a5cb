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
template <class T>
void pool_plainly(const T *map, const Shape &shape, const std::vector<spp_rectangle> &rectangles,
                  T *row) {
  const std::array<std::int64_t, 4> strides = shape.strides();
  for (const spp_rectangle &bin : rectangles) {
    const T *const first = map + bin.top * strides[1] + bin.left * strides[2];
    for (std::int64_t c = 0; c < shape.channels; ++c) row[c] = first[c * strides[3]];
    for (std::int64_t y = bin.top; y < bin.bottom; ++y) {
      for (std::int64_t x = bin.left; x < bin.right; ++x) {
        const T *cell = map + y * strides[1] + x * strides[2];
        for (std::int64_t c = 0; c < shape.channels; ++c)
          row[c] = std::max(row[c], cell[c * strides[3]]);
      }
    }
    row += shape.channels;
  }
}

}  // namespace

Kernel::Kernel(const Maps &maps, const float *input, const Pyramid &pyramid, std::int32_t tier,
               std::int32_t thread_limit, const ElementType &type)
    : maps_(maps), type_(type), input_(input), strides_(type.of_same_bytes(maps.shape).strides()) {
  spp_options options{};
  options.struct_size = sizeof options;
  options.levels = pyramid.sides.data();
  options.level_count = static_cast<std::int64_t>(pyramid.sides.size());
  options.bin_rule = pyramid.bin_rule;
  options.element_type = type.id;
  options.layout = maps.shape.arrangement == Arrangement::nchw ? SPP_LAYOUT_NCHW : SPP_LAYOUT_NHWC;
  options.tier = tier;
  spp_pooling *pooling = nullptr;
  require(spp_pooling_create(&options, &pooling));
  pooling_.reset(pooling);
  batch_.struct_size = sizeof batch_;
  batch_.data = input;
  batch_.count = maps.shape.count;
  batch_.height = maps.shape.height;
  batch_.width = maps.shape.width;
  batch_.channels = type.of_same_bytes(maps.shape).channels;
  const bool gaps = maps.shape.extent() != maps.shape.input_size();
  batch_.strides = gaps ? strides_.data() : nullptr;
  output_.struct_size = sizeof output_;
  output_.data = maps.output;
  output_.capacity = maps.output_size() * 4 / type.bytes;
  execution_.struct_size = sizeof execution_;
  execution_.thread_limit = thread_limit;
}

void Kernel::run() const { spp_pool(pooling_.get(), &batch_, &output_, &execution_); }

void Kernel::run_argmax(std::int32_t index_type) const {
  positions_.resize(static_cast<std::size_t>(output_.capacity));
  spp_argmax argmax{};
  argmax.struct_size = sizeof argmax;
  argmax.data = positions_.data();
  argmax.capacity = output_.capacity;
  argmax.index_type = index_type;
  require(spp_pool_argmax(pooling_.get(), &batch_, &output_, &argmax, &execution_));
}

// Positive halves ascend with their bits.
void Kernel::check() const {
  switch (type_.id) {
    case SPP_F32:
      return check_as<float>();
    case SPP_F64:
      return check_as<double>();
    case SPP_I8:
      return check_as<std::int8_t>();
    case SPP_U8:
      return check_as<std::uint8_t>();
    case SPP_I16:
      return check_as<std::int16_t>();
    case SPP_I32:
      return check_as<std::int32_t>();
    default:
      return check_as<std::uint16_t>();
  }
}

template <class T>
void Kernel::check_as() const {
  const std::int64_t bins = spp_pooling_bin_count(pooling_.get());
  std::vector<spp_rectangle> rectangles(static_cast<std::size_t>(bins));
  require(spp_pooling_rectangles(pooling_.get(), maps_.shape.height, maps_.shape.width,
                                 rectangles.data(), bins));
  std::fill_n(maps_.output, maps_.output_size(), 2.0f);
  require(spp_pool(pooling_.get(), &batch_, &output_, &execution_));
  const Shape shape = type_.of_same_bytes(maps_.shape);
  std::vector<T> row(static_cast<std::size_t>(bins * shape.channels));
  const T *const map = reinterpret_cast<const T *>(input_);
  for (std::int64_t i = 0; i < shape.count; ++i) {
    pool_plainly(map + i * strides_[0], shape, rectangles, row.data());
    if (std::memcmp(row.data(), maps_.output + i * maps_.row_size, row.size() * sizeof(T)) != 0) {
      throw std::runtime_error("the output differs from a plain loop's");
    }
  }
}

}  // namespace spp_bench
