#include "cases.hpp"

#include <fmt/format.h>

namespace spp_bench {

std::string Shape::name() const {
  const char *const suffixes[] = {"", "-nchw", "-padded", "-half"};
  return fmt::format("{}x{}x{}x{}{}", count, height, width, channels,
                     suffixes[static_cast<std::size_t>(arrangement)]);
}

std::array<std::int64_t, 4> Shape::strides() const {
  if (arrangement == Arrangement::nchw) {
    return {channels * height * width, width, 1, height * width};
  }
  constexpr std::int64_t padding = 3;
  const std::int64_t column = arrangement == Arrangement::half_channels ? 2 * channels : channels;
  const std::int64_t pixels = arrangement == Arrangement::padded_rows ? width + padding : width;
  return {height * pixels * column, pixels * column, column, 1};
}

std::int64_t Shape::extent() const {
  const std::array<std::int64_t, 4> stride = strides();
  return 1 + (count - 1) * stride[0] + (height - 1) * stride[1] + (width - 1) * stride[2] +
         (channels - 1) * stride[3];
}

Shape ElementType::of_same_bytes(Shape floats) const {
  floats.channels = floats.channels * 4 / bytes;
  return floats;
}

const std::vector<ElementType> &element_types() {
  static const std::vector<ElementType> table = {
      {SPP_F32, "f32", 4},   {SPP_F64, "f64", 8}, {SPP_F16, "f16", 2},
      {SPP_BF16, "bf16", 2}, {SPP_I8, "i8", 1},   {SPP_U8, "u8", 1},
      {SPP_I16, "i16", 2},   {SPP_I32, "i32", 4}, {SPP_U16, "u16", 2}};
  return table;
}

const std::vector<Shape> &type_shapes() {
  static const std::vector<Shape> table = {{1, 38, 50, 512}, {1, 56, 56, 256}, {32, 13, 13, 256}};
  return table;
}

std::optional<AtMost> own_limits(const ElementType &type) {
  if (type.id == SPP_F16 || type.id == SPP_BF16) return AtMost{1.60, 2.00};
  return std::nullopt;
}

std::optional<double> type_goal(const ElementType &type, std::int32_t tier) {
  if (!has_limits(tier) || type.id == SPP_F32) return std::nullopt;
  return own_limits(type) ? 1.15 : 1.10;
}

std::string Pyramid::rule() const {
  const char *const names[] = {"rounded", "adaptive", "roi"};
  return names[bin_rule];
}

std::int64_t Pyramid::bins() const {
  std::int64_t sum = 0;
  for (const spp_level &level : sides) sum += std::int64_t{level.rows} * level.columns;
  return sum;
}

const std::vector<Row> &rows() {
  static const std::vector<Row> table = {
      {{1, 20, 20, 512}, 1.05, {1.20, 1.30}, {1.40, 1.50}},
      {{1, 38, 50, 512}, 1.05, {1.20, 1.30}, {1.40, 1.50}},
      {{1, 56, 56, 64}, 1.05, {1.20, 1.30}, {1.40, 1.50}},
      {{1, 56, 56, 256}, 1.05, {1.20, 1.30}, {1.40, 1.50}},
      {{1, 112, 112, 64}, 1.05, {1.20, 1.30}, {1.40, 1.50}},
      {{64, 56, 56, 256}, 1.05, {1.20, 1.30}, {1.40, 1.50}},
      {{1, 13, 13, 256}, 1.10, {1.25, 1.40}, {1.75, 1.90}},
      {{1, 13, 13, 512}, 1.10, {1.25, 1.40}, {1.75, 1.90}},
      {{32, 13, 13, 256}, 1.10, {1.45, 1.50}, {1.90, 2.20}},
      {{256, 13, 13, 256}, 1.10, {1.45, 1.50}, {1.90, 2.20}},
      {{1, 7, 7, 512}, 1.20, {1.45, 1.55}, {2.40, 2.70}},
      {{1, 7, 7, 64}, 2.00, {3.20, 4.20}, {6.00, 8.00}},
      {{1, 56, 56, 3}, 1.30, {2.40, 2.40}, {2.80, 2.80}},
      {{1, 56, 56, 17}, 1.30, {2.40, 2.40}, {2.80, 2.80}},
      {{1, 56, 56, 100}, 1.30, {2.40, 2.40}, {2.80, 2.80}},
      {{1, 56, 56, 301}, 1.30, {2.40, 2.40}, {2.80, 2.80}},
      {{1, 56, 56, 256, Arrangement::nchw}, 1.15, {1.45, 1.45}, {}},
      {{1, 112, 112, 64, Arrangement::nchw}, 1.15, {1.35, 1.35}, {}},
      {{1, 38, 50, 512, Arrangement::nchw}, 1.25, {1.90, 1.90}, {}},
      {{1, 20, 20, 512, Arrangement::nchw}, 1.40, {2.40, 2.40}, {}},
      {{1, 13, 13, 256, Arrangement::nchw}, 1.40, {2.10, 2.10}, {}},
      {{1, 7, 7, 512, Arrangement::nchw}, 1.80, {3.00, 3.00}, {}},
      {{1, 38, 50, 512, Arrangement::padded_rows}, 1.20, {1.50, 1.50}, {}},
      {{1, 20, 20, 512, Arrangement::padded_rows}, 1.20, {1.50, 1.50}, {}},
      {{1, 38, 50, 512, Arrangement::half_channels}, 1.20, {1.50, 1.50}, {}},
      {{1, 20, 20, 512, Arrangement::half_channels}, 1.20, {1.50, 1.50}, {}}};
  return table;
}

const std::vector<Pyramid> &pyramids() {
  static const std::vector<Pyramid> table = {
      {"1,2,4", {{1, 1}, {2, 2}, {4, 4}}, SPP_BINS_ROUNDED},
      {"1,2,3,6", {{1, 1}, {2, 2}, {3, 3}, {6, 6}}, SPP_BINS_ROUNDED},
      {"1,2,3,4", {{1, 1}, {2, 2}, {3, 3}, {4, 4}}, SPP_BINS_ROUNDED},
      {"1,2,4", {{1, 1}, {2, 2}, {4, 4}}, SPP_BINS_ADAPTIVE}};
  return table;
}

const std::vector<BackwardRow> &backward_rows() {
  static const std::vector<BackwardRow> table = {{{1, 38, 50, 512}, 1.10, 1.50},
                                                 {{32, 13, 13, 256}, 1.10, 1.80},
                                                 {{64, 56, 56, 256}, 1.10, 1.50}};
  return table;
}

const Call &smallest_call() {
  static const Call call = {{1, 4, 4, 8}, 100, 250};
  return call;
}

const std::vector<Shape> &two_thread_shapes() {
  static const std::vector<Shape> table = {{8, 13, 13, 256}, {1, 56, 56, 256},  {1, 112, 112, 64},
                                           {1, 38, 50, 512}, {32, 13, 13, 256}, {256, 13, 13, 256},
                                           {64, 56, 56, 256}};
  return table;
}

bool has_limits(std::int32_t tier) { return tier == SPP_TIER_AVX512 || tier == SPP_TIER_AVX2; }

std::optional<double> at_most(const Row &row, const Pyramid &pyramid, std::int32_t tier) {
  const AtMost &limits = &pyramid == &pyramids().front() ? row.first : row.others;
  if (tier == SPP_TIER_AVX512) return limits.avx512;
  if (tier == SPP_TIER_AVX2) return limits.avx2;
  return std::nullopt;
}

std::optional<double> goal(const Row &row, const Pyramid &pyramid, std::int32_t tier) {
  if (!has_limits(tier) || &pyramid != &pyramids().front()) return std::nullopt;
  return row.goal;
}

std::vector<std::int32_t> available_tiers() {
  std::vector<std::int32_t> tiers;
  for (const std::int32_t tier :
       {SPP_TIER_AVX512, SPP_TIER_AVX2, SPP_TIER_NEON, SPP_TIER_PORTABLE}) {
    if (spp_tier_refusal(tier) == nullptr) tiers.push_back(tier);
  }
  return tiers;
}

}  // namespace spp_bench
