#pragma once

#include <spp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

// The options of a pooling as a command line gives them; zero is every field's default, as in the
// C ABI.
struct PoolingChoice {
  std::vector<spp_level> levels;
  int32_t bin_rule = SPP_BINS_ROUNDED;
  int32_t order = SPP_ORDER_BINS_CHANNELS;
  int32_t element_type = SPP_F32;
  int32_t layout = SPP_LAYOUT_NHWC;
  int32_t nan_policy = SPP_NAN_PROPAGATE;
  int32_t empty_policy = SPP_EMPTY_ERROR;
  int32_t tier = SPP_TIER_AUTO;
  int32_t thread_limit = 0;
};

struct PoolingDeleter {
  void operator()(spp_pooling *pooling) const { spp_pooling_destroy(pooling); }
};
using Pooling = std::unique_ptr<spp_pooling, PoolingDeleter>;

// Throws Failure with the library's sentence.
Pooling make_pooling(const PoolingChoice &choice);

// Throws Failure with the library's sentence unless `status` is SPP_OK.
void require(spp_status status);

// "1,2,4" or "1,2x3": a plain n is n x n, RxS is R rows of S bins.  Throws Failure.
std::vector<spp_level> parse_levels(const std::string &text);

// A name of the command line for a constant of the C ABI.
struct NamedValue {
  const char *name;
  int32_t value;
};
inline constexpr NamedValue bin_rules[] = {{"rounded", SPP_BINS_ROUNDED},
                                           {"adaptive", SPP_BINS_ADAPTIVE}};
inline constexpr NamedValue orders[] = {{"bins_channels", SPP_ORDER_BINS_CHANNELS},
                                        {"channels_bins", SPP_ORDER_CHANNELS_BINS}};
inline constexpr NamedValue layouts[] = {{"nhwc", SPP_LAYOUT_NHWC}, {"nchw", SPP_LAYOUT_NCHW}};
inline constexpr NamedValue nan_policies[] = {{"propagate", SPP_NAN_PROPAGATE},
                                              {"ignore", SPP_NAN_IGNORE}};
inline constexpr NamedValue empty_policies[] = {
    {"error", SPP_EMPTY_ERROR}, {"lowest", SPP_EMPTY_LOWEST}, {"zero", SPP_EMPTY_ZERO}};

// All tiers that the library has a name for, SPP_TIER_AUTO first.
std::vector<NamedValue> tiers();
