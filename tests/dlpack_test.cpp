// Tensors of other libraries: what is read from a DLTensor, and every way in which one is refused.
#include <dlpack/dlpack.h>
#include <gtest/gtest.h>
#include <spp.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

class Handle {
 public:
  explicit Handle(std::int32_t layout = SPP_LAYOUT_NHWC, std::int32_t element_type = SPP_F32) {
    const spp_level levels[] = {{1, 1}, {2, 2}};
    spp_options options{};
    options.struct_size = sizeof options;
    options.levels = levels;
    options.level_count = 2;
    options.layout = layout;
    options.element_type = element_type;
    EXPECT_EQ(spp_pooling_create(&options, &pooling_), SPP_OK) << spp_last_error();
  }
  ~Handle() { spp_pooling_destroy(pooling_); }
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;

  template <class T>
  spp_status pool(const void *tensor, std::vector<T> &rows) const {
    spp_output output{};
    output.struct_size = sizeof output;
    output.data = rows.data();
    output.capacity = static_cast<std::int64_t>(rows.size());
    return spp_pool_dlpack(pooling_, tensor, &output, nullptr);
  }

 private:
  spp_pooling *pooling_ = nullptr;
};

struct Tensor : DLTensor {
  template <class T>
  Tensor(const std::vector<T> &elements, std::vector<std::int64_t> sizes, DLDataType type,
         std::vector<std::int64_t> steps = {})
      : DLTensor{}, sizes_(std::move(sizes)), steps_(std::move(steps)) {
    data = const_cast<T *>(elements.data());
    device = {kDLCPU, 0};
    ndim = static_cast<int>(sizes_.size());
    dtype = type;
    shape = sizes_.data();
    strides = steps_.empty() ? nullptr : steps_.data();
  }
  Tensor(const Tensor &) = delete;
  Tensor &operator=(const Tensor &) = delete;

 private:
  std::vector<std::int64_t> sizes_;
  std::vector<std::int64_t> steps_;
};

constexpr DLDataType f32{kDLFloat, 32, 1};

// A map of 2 x 3 cells and 2 channels: channel 0 holds 1 ... 6, channel 1 their tens, negated.
const std::vector<float> pixels = {1, -10, 2, -20, 3, -30, 4, -40, 5, -50, 6, -60};
const std::vector<float> planes = {1, 2, 3, 4, 5, 6, -10, -20, -30, -40, -50, -60};
// Under the rounded rule 3 columns in 2 bins are [0, 2) and [2, 3): 1.5 rounds to even.
const std::vector<float> row = {6, -10, 2, -10, 3, -30, 5, -40, 6, -60};

TEST(Dlpack, PoolsPixels) {
  const Tensor tensor(pixels, {1, 2, 3, 2}, f32);
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

TEST(Dlpack, PoolsPlanes) {
  const Tensor tensor(planes, {1, 2, 2, 3}, f32);
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle(SPP_LAYOUT_NCHW).pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

// What PyTorch calls channels_last: sizes in the order of NCHW, memory in that of NHWC.
TEST(Dlpack, PoolsViewsWithStrides) {
  const Tensor tensor(pixels, {1, 2, 2, 3}, f32, {12, 1, 6, 2});
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle(SPP_LAYOUT_NCHW).pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

TEST(Dlpack, PoolsASingleMap) {
  const Tensor tensor(pixels, {2, 3, 2}, f32);
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

TEST(Dlpack, PoolsBatches) {
  std::vector<float> two = pixels;
  two.insert(two.end(), pixels.begin(), pixels.end());
  two[12] = 99;
  const Tensor tensor(two, {2, 2, 3, 2}, f32);
  std::vector<float> expected = row;
  expected.insert(expected.end(), row.begin(), row.end());
  expected[10] = expected[12] = 99;
  std::vector<float> result(expected.size());
  ASSERT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, expected);
}

TEST(Dlpack, BeginsAtTheByteOffset) {
  std::vector<float> shifted = {777, 777, 777};
  shifted.insert(shifted.end(), pixels.begin(), pixels.end());
  Tensor tensor(shifted, {1, 2, 3, 2}, f32);
  tensor.byte_offset = 3 * sizeof(float);
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

TEST(Dlpack, TheStrideOfAnAxisOfOneDoesNotMatter) {
  const Tensor tensor(pixels, {1, 2, 3, 2}, f32,
                      {std::numeric_limits<std::int64_t>::max(), 6, 2, 1});
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

TEST(Dlpack, PoolsAViewOfASingleMap) {
  const Tensor tensor(pixels, {2, 3, 2}, f32, {6, 2, 1});
  std::vector<float> result(row.size());
  ASSERT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, row);
}

TEST(Dlpack, AnEmptyBatchWritesNothing) {
  Tensor tensor(pixels, {0, 2, 3, 2}, f32);
  tensor.data = nullptr;
  std::vector<float> result(3, -1);
  EXPECT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
  EXPECT_EQ(result, std::vector<float>(3, -1));
}

template <class T>
void expect_pooled(std::int32_t element_type, DLDataType type, const std::vector<T> &elements,
                   const std::vector<T> &expected) {
  const Tensor tensor(elements, {1, 2, 2, 1}, type);
  std::vector<T> result(expected.size());
  ASSERT_EQ(Handle(SPP_LAYOUT_NHWC, element_type).pool(&tensor, result), SPP_OK)
      << spp_last_error();
  EXPECT_EQ(result, expected);
}

TEST(Dlpack, TakesEveryElementType) {
  expect_pooled<double>(SPP_F64, {kDLFloat, 64, 1}, {1, 4, 2, 3}, {4, 1, 4, 2, 3});
  // 1, -2, 0.5, -0 as half precision and as bfloat16; a zero is +0.
  expect_pooled<std::uint16_t>(SPP_F16, {kDLFloat, 16, 1}, {0x3c00, 0xc000, 0x3800, 0x8000},
                               {0x3c00, 0x3c00, 0xc000, 0x3800, 0});
  expect_pooled<std::uint16_t>(SPP_BF16, {kDLBfloat, 16, 1}, {0x3f80, 0xc000, 0x3f00, 0x8000},
                               {0x3f80, 0x3f80, 0xc000, 0x3f00, 0});
  expect_pooled<std::int8_t>(SPP_I8, {kDLInt, 8, 1}, {-1, -128, 127, 0}, {127, -1, -128, 127, 0});
  expect_pooled<std::uint8_t>(SPP_U8, {kDLUInt, 8, 1}, {255, 1, 128, 0}, {255, 255, 1, 128, 0});
  expect_pooled<std::int16_t>(SPP_I16, {kDLInt, 16, 1}, {-1, -300, 300, 0},
                              {300, -1, -300, 300, 0});
  expect_pooled<std::int32_t>(SPP_I32, {kDLInt, 32, 1}, {-1, -70000, 70000, 0},
                              {70000, -1, -70000, 70000, 0});
  expect_pooled<std::uint16_t>(SPP_U16, {kDLUInt, 16, 1}, {65535, 1, 40000, 0},
                               {65535, 65535, 1, 40000, 0});
}

// ------------------------------------------------------------------------------------- refusals

void expect_refused(const void *tensor, spp_status status, const std::vector<std::string> &words) {
  std::vector<float> result(row.size(), -1);
  EXPECT_EQ(Handle().pool(tensor, result), status);
  const std::string sentence = spp_last_error();
  for (const std::string &word : words)
    EXPECT_NE(sentence.find(word), std::string::npos) << word << " is not in: " << sentence;
  EXPECT_EQ(result, std::vector<float>(row.size(), -1)) << "something was written";
}

TEST(Dlpack, TakesMemoryThatOtherDevicesShare) {
  for (const DLDeviceType device : {kDLCUDAHost, kDLROCMHost}) {
    Tensor tensor(pixels, {1, 2, 3, 2}, f32);
    tensor.device.device_type = device;
    std::vector<float> result(row.size());
    EXPECT_EQ(Handle().pool(&tensor, result), SPP_OK) << spp_last_error();
    EXPECT_EQ(result, row);
  }
}

TEST(Dlpack, RefusesOtherDevices) {
  Tensor tensor(pixels, {1, 2, 3, 2}, f32);
  tensor.device.device_type = kDLCUDA;
  expect_refused(&tensor, SPP_ERROR_UNSUPPORTED, {"tensor->device.device_type", "2"});
}

TEST(Dlpack, RefusesOtherElementTypes) {
  const auto refuse = [](DLDataType type, const std::vector<std::string> &words) {
    const Tensor tensor(pixels, {1, 2, 3, 2}, type);
    expect_refused(&tensor, SPP_ERROR_INVALID_ARGUMENT, words);
  };
  refuse({kDLFloat, 64, 1}, {"tensor->dtype", "bits 64", "f32"});
  refuse({kDLInt, 32, 1}, {"tensor->dtype", "code 0", "f32"});
  refuse({kDLFloat, 32, 4}, {"tensor->dtype", "lanes 4", "lanes 1"});
}

TEST(Dlpack, RefusesOtherShapes) {
  const auto refuse = [](std::vector<std::int64_t> sizes, const std::vector<std::string> &words) {
    const Tensor tensor(pixels, std::move(sizes), f32);
    expect_refused(&tensor, SPP_ERROR_INVALID_ARGUMENT, words);
  };
  refuse({6, 2}, {"tensor->ndim", "2"});
  refuse({1, 1, 2, 3, 2}, {"tensor->ndim", "5"});
  refuse({1, 0, 3, 2}, {"tensor->shape[1]", "0"});
  refuse({1, 2, 3, -2}, {"tensor->shape[3]", "-2"});
  refuse({-1, 2, 3, 2}, {"tensor->shape[0]", "-1"});
  Tensor tensor(pixels, {1, 2, 3, 2}, f32);
  tensor.shape = nullptr;
  expect_refused(&tensor, SPP_ERROR_INVALID_ARGUMENT, {"tensor->shape", "NULL"});
}

TEST(Dlpack, RefusesNegativeStrides) {
  const Tensor tensor(pixels, {1, 2, 3, 2}, f32, {12, 6, -2, 1});
  expect_refused(&tensor, SPP_ERROR_INVALID_ARGUMENT, {"tensor->strides[2]", "-2"});
}

TEST(Dlpack, RefusesExtentsThatOverflow) {
  constexpr std::int64_t huge = std::int64_t{1} << 62;
  const Tensor strided(pixels, {1, 2, 3, 2}, f32, {12, 6, huge, 1});
  expect_refused(&strided, SPP_ERROR_OVERFLOW, {"tensor->data", std::to_string(huge)});
  const Tensor large(pixels, {1, huge, 3, 2}, f32);
  expect_refused(&large, SPP_ERROR_OVERFLOW, {"tensor->height", std::to_string(huge)});
  Tensor offset(pixels, {1, 2, 3, 2}, f32);
  offset.byte_offset = std::numeric_limits<std::uint64_t>::max();
  expect_refused(&offset, SPP_ERROR_OVERFLOW,
                 {"tensor->byte_offset", std::to_string(offset.byte_offset)});
}

TEST(Dlpack, RefusesPointersThatAreNullOrNotAligned) {
  expect_refused(nullptr, SPP_ERROR_INVALID_ARGUMENT, {"tensor", "NULL"});
  Tensor tensor(pixels, {1, 2, 3, 2}, f32);
  tensor.byte_offset = 2;
  expect_refused(&tensor, SPP_ERROR_INVALID_ARGUMENT, {"tensor->data", "aligned"});
  tensor.data = nullptr;
  expect_refused(&tensor, SPP_ERROR_INVALID_ARGUMENT, {"tensor->data", "NULL"});
}

TEST(Dlpack, RefusesANullHandle) {
  const Tensor tensor(pixels, {1, 2, 3, 2}, f32);
  EXPECT_EQ(spp_pool_dlpack(nullptr, &tensor, nullptr, nullptr), SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(spp_last_error(), "pooling is NULL");
}

}  // namespace
