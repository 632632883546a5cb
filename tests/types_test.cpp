// The element types of docs/values.md, section 2: literal maxima, and all values of the short types.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "support/elements.hpp"
#include "support/pooling.hpp"

namespace {

using oracle::Value;

std::vector<char> packed(const std::vector<Value> &values, int bytes) {
  std::vector<char> data(values.size() * static_cast<std::size_t>(bytes));
  for (std::size_t k = 0; k < values.size(); ++k) {
    std::memcpy(data.data() + k * static_cast<std::size_t>(bytes), &values[k],
                static_cast<std::size_t>(bytes));
  }
  return data;
}

// The bins of one map.
std::vector<Value> pooled(std::int32_t tier, std::int32_t element_type, std::int32_t nan_policy,
                          const std::vector<Value> &map, std::int64_t height, std::int64_t width,
                          std::int64_t channels, const std::vector<spp_level> &levels) {
  spp_options options = options_for(levels);
  options.element_type = element_type;
  options.nan_policy = nan_policy;
  options.empty_policy = SPP_EMPTY_LOWEST;
  options.tier = tier;
  const Pooling pooling(options);
  std::int64_t length = 0;
  EXPECT_EQ(spp_pooling_output_length(pooling, channels, &length), SPP_OK);
  const oracle::Type type = element_of(element_type).type;
  const std::vector<char> data = packed(map, type.bytes);
  std::vector<char> row(static_cast<std::size_t>(length * type.bytes));
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = data.data();
  batch.count = 1;
  batch.height = height;
  batch.width = width;
  batch.channels = channels;
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = row.data();
  output.capacity = length;
  EXPECT_EQ(spp_pool(pooling, &batch, &output, nullptr), SPP_OK) << spp_last_error();
  std::vector<Value> result;
  for (std::int64_t k = 0; k < length; ++k) {
    result.push_back(oracle::value_at(row.data(), type, k));
  }
  return result;
}

struct Maximum {
  std::int32_t element_type;
  std::vector<Value> values;  // of one bin
  Value propagate, ignore;
};

const std::vector<Maximum> &maxima() {
  static const std::vector<Maximum> list = {
      // binary16: -2 and -1; -0; both zeros; the smallest subnormals; -inf alone and with -65504
      {SPP_F16, {0xc000, 0xbc00}, 0xbc00, 0xbc00},
      {SPP_F16, {0x8000, 0xbc00}, 0x0000, 0x0000},
      {SPP_F16, {0x8000, 0x0000}, 0x0000, 0x0000},
      {SPP_F16, {0x8001, 0x0001}, 0x0001, 0x0001},
      {SPP_F16, {0xfc00, 0xfc00}, 0xfc00, 0xfc00},
      {SPP_F16, {0xfc00, 0xfbff}, 0xfbff, 0xfbff},
      {SPP_F16, {0x7bff, 0x7c00}, 0x7c00, 0x7c00},
      // with NaNs: quiet, negative, signalling of both signs, alone
      {SPP_F16, {0x7e00, 0x3c00}, 0x7e00, 0x3c00},
      {SPP_F16, {0xfe00, 0x3c00}, 0x7e00, 0x3c00},
      {SPP_F16, {0xfc01, 0xfc00}, 0x7e00, 0xfc00},
      {SPP_F16, {0x7c01, 0x7c00}, 0x7e00, 0x7c00},
      {SPP_F16, {0xffff, 0x8000}, 0x7e00, 0x0000},
      {SPP_F16, {0x7fff, 0xffff}, 0x7e00, 0x7e00},
      // bfloat16, the same
      {SPP_BF16, {0xc000, 0xbf80}, 0xbf80, 0xbf80},
      {SPP_BF16, {0x8000, 0xbf80}, 0x0000, 0x0000},
      {SPP_BF16, {0x8001, 0x0001}, 0x0001, 0x0001},
      {SPP_BF16, {0xff80, 0xff7f}, 0xff7f, 0xff7f},
      {SPP_BF16, {0x7f7f, 0x7f80}, 0x7f80, 0x7f80},
      {SPP_BF16, {0x7fc0, 0x3f80}, 0x7fc0, 0x3f80},
      {SPP_BF16, {0xff81, 0xff80}, 0x7fc0, 0xff80},
      {SPP_BF16, {0x7f81, 0x7f80}, 0x7fc0, 0x7f80},
      {SPP_BF16, {0xffff, 0x7fff}, 0x7fc0, 0x7fc0},
      {SPP_F32, {0xff800001, 0xff800000}, 0x7fc00000, 0xff800000},
      {SPP_F32, {0x80000000, 0x80000001}, 0x00000000, 0x00000000},
      {SPP_F64, {0xc000000000000000, 0xbff0000000000000}, 0xbff0000000000000, 0xbff0000000000000},
      {SPP_F64, {0x8000000000000000, 0x8000000000000001}, 0, 0},
      {SPP_F64, {0x7ff0000000000001, 0x7ff0000000000000}, 0x7ff8000000000000, 0x7ff0000000000000},
      {SPP_F64, {0xfff0000000000001, 0xfff0000000000000}, 0x7ff8000000000000, 0xfff0000000000000},
      {SPP_F64, {0xffffffffffffffff, 0x7ff8000000000001}, 0x7ff8000000000000, 0x7ff8000000000000},
      // integers around the ends of their ranges, and where signed and unsigned differ
      {SPP_I8, {0x80, 0xff}, 0xff, 0xff},
      {SPP_I8, {0x80, 0x80}, 0x80, 0x80},
      {SPP_I8, {0xff, 0x00}, 0x00, 0x00},
      {SPP_I8, {0x7f, 0x80}, 0x7f, 0x7f},
      {SPP_U8, {0x7f, 0x80}, 0x80, 0x80},
      {SPP_U8, {0x00, 0x00}, 0x00, 0x00},
      {SPP_U8, {0x00, 0xff}, 0xff, 0xff},
      {SPP_I16, {0x8000, 0xffff}, 0xffff, 0xffff},
      {SPP_I16, {0x7fff, 0x8000}, 0x7fff, 0x7fff},
      {SPP_I16, {0x7e01, 0x7f01}, 0x7f01, 0x7f01},  // would be NaNs as floating-point numbers
      {SPP_U16, {0x7fff, 0x8000}, 0x8000, 0x8000},
      {SPP_U16, {0x00ff, 0x0100}, 0x0100, 0x0100},
      {SPP_I32, {0x80000000, 0xffffffff}, 0xffffffff, 0xffffffff},
      {SPP_I32, {0x7fffffff, 0x80000000}, 0x7fffffff, 0x7fffffff},
      {SPP_I32, {0x7fc00000, 0x7fc00001}, 0x7fc00001, 0x7fc00001},
  };
  return list;
}

class Types : public TierTest {};

// The values of the bin one below the other, then the other way round, in every one of 131 channels.
TEST_P(Types, LiteralMaxima) {
  constexpr std::int64_t channels = 131;
  for (const Maximum &row : maxima()) {
    for (const bool reversed : {false, true}) {
      std::vector<Value> map;
      for (std::size_t k = 0; k < 2; ++k) {
        map.insert(map.end(), channels, row.values[reversed ? 1 - k : k]);
      }
      for (const std::int32_t nan_policy : {SPP_NAN_PROPAGATE, SPP_NAN_IGNORE}) {
        const Value wanted = nan_policy == SPP_NAN_PROPAGATE ? row.propagate : row.ignore;
        const std::vector<Value> expected(channels, wanted);
        EXPECT_EQ(
            pooled(GetParam(), row.element_type, nan_policy, map, 2, 1, channels, square({1})),
            expected)
            << element_of(row.element_type).name << std::hex << " 0x" << row.values[0] << " 0x"
            << row.values[1] << ", NaN policy " << nan_policy;
      }
    }
  }
}

// One row of cells has no second bin: rint(0.5) is 0, so the first of two is empty.
TEST_P(Types, LowestOfEmptyBins) {
  constexpr Value lowest[] = {0xff800000, 0xfff0000000000000, 0xfc00, 0xff80, 0x80, 0x00,
                              0x8000,     0x80000000,         0x0000};
  for (const Element &element : all_elements) {
    const std::vector<Value> expected = {lowest[element.id], 1};
    EXPECT_EQ(pooled(GetParam(), element.id, SPP_NAN_PROPAGATE, {1}, 1, 1, 1, {spp_level{2, 1}}),
              expected)
        << element.name;
  }
}

// All values of a 16-bit floating-point type with each of the values where its order is unusual.
TEST_P(Types, EveryHalf) {
  constexpr std::int64_t count = 1 << 16;
  for (const std::int32_t element_type : {SPP_F16, SPP_BF16}) {
    const oracle::Type type = element_of(element_type).type;
    const Value infinity = oracle::infinity(type);
    const Value nan = oracle::canonical_nan(type);
    for (const Value magnitude : {Value{0}, Value{1}, Value{0x3c00}, infinity - 1, infinity,
                                  infinity + 1, nan - 1, nan, nan + 1, Value{0x7fff}}) {
      for (const Value partner : {magnitude, magnitude | 0x8000}) {
        std::vector<Value> map;
        for (Value value = 0; value < count; ++value) map.push_back(value);
        map.insert(map.end(), count, partner);
        for (const std::int32_t nan_policy : {SPP_NAN_PROPAGATE, SPP_NAN_IGNORE}) {
          const std::vector<Value> row =
              pooled(GetParam(), element_type, nan_policy, map, 2, 1, count, square({1}));
          for (Value value = 0; value < count; ++value) {
            const Value pair[] = {value, partner};
            const std::vector<char> data = packed({pair[0], pair[1]}, type.bytes);
            const oracle::Map view = {data.data(), 2, 1, 1, 1, 1, 1, type};
            const oracle::Rules rules = {false, false, nan_policy == SPP_NAN_IGNORE, 0};
            ASSERT_EQ(row[value], oracle::maxima(view, {0, 2}, {0, 1}, rules)[0])
                << element_of(element_type).name << std::hex << " 0x" << value << " 0x" << partner;
          }
        }
      }
    }
  }
}

// All pairs of bytes.
TEST_P(Types, EveryPairOfBytes) {
  constexpr std::int64_t count = 1 << 16;
  for (const std::int32_t element_type : {SPP_I8, SPP_U8}) {
    std::vector<Value> map;
    for (Value pair = 0; pair < count; ++pair) map.push_back(pair & 0xff);
    for (Value pair = 0; pair < count; ++pair) map.push_back(pair >> 8);
    const std::vector<Value> row =
        pooled(GetParam(), element_type, SPP_NAN_PROPAGATE, map, 2, 1, count, square({1}));
    for (Value pair = 0; pair < count; ++pair) {
      const auto a = static_cast<std::uint8_t>(pair);
      const auto b = static_cast<std::uint8_t>(pair >> 8);
      const bool b_is_larger = element_type == SPP_U8
                                   ? b > a
                                   : static_cast<std::int8_t>(b) > static_cast<std::int8_t>(a);
      ASSERT_EQ(row[pair], b_is_larger ? b : a) << element_of(element_type).name;
    }
  }
}

SPP_TEST_EVERY_TIER(Types);

}  // namespace
