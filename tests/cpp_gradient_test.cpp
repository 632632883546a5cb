// The gradient through the C++ interface: what it adds to the C functions.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <spp/spp.hpp>
#include <vector>

namespace {

spp::Pooling one_and_two(spp::ElementType type = spp::ElementType::f32) {
  spp::Options options;
  options.levels = {1, 2};
  options.element_type = type;
  return spp::Pooling(options);
}

// One channel, 2 x 2 cells: every cell is a bin of the second level, the last one wins the first.
const std::vector<float> row_gradient = {10, 1, 2, 3, 4};
const std::vector<float> map_gradient = {1, 2, 3, 14};
std::vector<std::int64_t> wide_positions() { return {3, 0, 1, 2, 3}; }

spp::Gradient gradient_of(const std::vector<float> &row) {
  return {row.data(), static_cast<std::int64_t>(row.size())};
}

template <typename T>
spp::Argmax argmax_of(std::vector<T> &positions) {
  return {positions.data(), static_cast<std::int64_t>(positions.size()), 0,
          sizeof(T) == 8 ? spp::IndexType::i64 : spp::IndexType::i32};
}

template <typename Call>
spp::Status status_of(const Call &call) {
  try {
    call();
  } catch (const spp::Error &error) {
    return error.status();
  }
  return spp::Status::ok;
}

TEST(CppGradient, IsANewVector) {
  std::vector<std::int64_t> positions = wide_positions();
  EXPECT_EQ(one_and_two().backward(gradient_of(row_gradient), argmax_of(positions),
                                   {nullptr, 1, 2, 2, 1}),
            map_gradient);
  std::vector<std::int32_t> narrow(positions.begin(), positions.end());
  EXPECT_EQ(
      one_and_two().backward(gradient_of(row_gradient), argmax_of(narrow), {nullptr, 1, 2, 2, 1}),
      map_gradient);
}

TEST(CppGradient, GoesToAnArrayWithGaps) {
  std::vector<std::int64_t> positions = wide_positions();
  const std::array<std::int64_t, 4> strides = {6, 3, 1, 1};
  std::vector<float> found(6, -1);
  spp::Batch maps{nullptr, 1, 2, 2, 1};
  maps.strides = strides.data();
  spp::Execution execution;
  execution.thread_limit = 1;
  const spp::Report report = one_and_two().backward_into(
      gradient_of(row_gradient), argmax_of(positions), maps, found.data(), execution);
  EXPECT_EQ(found, (std::vector<float>{1, 2, -1, 3, 14, -1}));
  EXPECT_EQ(report.tasks, 1);
}

TEST(CppGradient, OfMapsOfDifferentSizes) {
  const std::vector<float> rows = {10, 1, 2, 3, 4, 0.5F, 1, 1, 1, 1};
  std::vector<std::int32_t> positions = {3, 0, 1, 2, 3, 5, 5, 5, -1, 0};
  std::vector<float> small(4, -1);
  std::vector<float> large(6, -1);
  const std::array<void *, 2> places = {small.data(), large.data()};
  one_and_two().backward_into(gradient_of(rows), argmax_of(positions),
                              {{nullptr, 2, 2}, {nullptr, 2, 3}}, 1, places.data());
  EXPECT_EQ(small, map_gradient);
  EXPECT_EQ(large, (std::vector<float>{1, 0, 0, 0, 0, 2.5F}));
}

TEST(CppGradient, Refusals) {
  std::vector<std::int64_t> positions = wide_positions();
  const spp::Gradient rows = gradient_of(row_gradient);
  const spp::Batch maps{nullptr, 1, 2, 2, 1};
  const spp::Pooling pooling = one_and_two();
  EXPECT_EQ(status_of([&] { pooling.backward<double>(rows, argmax_of(positions), maps); }),
            spp::Status::invalid_argument);
  const std::array<std::int64_t, 4> strides = {4, 2, 1, 1};
  spp::Batch strided = maps;
  strided.strides = strides.data();
  EXPECT_EQ(status_of([&] { pooling.backward(rows, argmax_of(positions), strided); }),
            spp::Status::invalid_argument);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max() / 2;
  EXPECT_EQ(
      status_of([&] { pooling.backward(rows, argmax_of(positions), {nullptr, 1, huge, 3, 1}); }),
      spp::Status::overflow);
  EXPECT_EQ(
      status_of([&] { pooling.backward(rows, argmax_of(positions), {nullptr, 1, -2, 2, 1}); }),
      spp::Status::invalid_argument);
  const std::int64_t square = std::int64_t{1} << 30;  // no vector has as many elements as this map
  EXPECT_EQ(status_of([&] {
              pooling.backward(rows, argmax_of(positions), {nullptr, 1, square, square, 4});
            }),
            spp::Status::overflow);
  positions[1] = 4;
  EXPECT_EQ(status_of([&] { pooling.backward(rows, argmax_of(positions), maps); }),
            spp::Status::invalid_argument);
  const spp::Pooling integers = one_and_two(spp::ElementType::i16);
  EXPECT_EQ(status_of([&] { integers.backward<std::int16_t>(rows, argmax_of(positions), maps); }),
            spp::Status::unsupported);
}

// What is not valid of a map is written, too, so that nothing else can lie there.
TEST(CppGradient, OverlapsPadding) {
  std::vector<std::int64_t> positions = {1, 0, 1, 0, 1};
  std::vector<float> shared(16);
  const std::int64_t valid = 1;
  spp::Batch maps{nullptr, 1, 4, 2, 1};
  maps.valid_heights = &valid;
  spp::Options options;
  options.levels = {1, 2};
  options.bin_rule = spp::BinRule::adaptive;
  const spp::Pooling pooling(options);
  const auto backward = [&](const float *gradient, const spp::Argmax &argmax) {
    return status_of([&] { pooling.backward_into({gradient, 5}, argmax, maps, shared.data()); });
  };
  EXPECT_EQ(backward(shared.data() + 8, argmax_of(positions)), spp::Status::ok);
  EXPECT_EQ(backward(shared.data() + 7, argmax_of(positions)), spp::Status::invalid_argument);
  EXPECT_EQ(backward(shared.data() + 2, argmax_of(positions)), spp::Status::invalid_argument);
  const auto narrow = [&](float *data) { return spp::Argmax{data, 5, 0, spp::IndexType::i32}; };
  EXPECT_EQ(backward(row_gradient.data(), narrow(shared.data() + 8)), spp::Status::ok);
  EXPECT_EQ(backward(row_gradient.data(), narrow(shared.data() + 7)),
            spp::Status::invalid_argument);
}

}  // namespace
