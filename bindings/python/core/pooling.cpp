#include "pooling.hpp"

#include <utility>

#include "errors.hpp"
#include "numbers.hpp"
#include "output.hpp"

namespace {

struct Choice {
  const char *word;
  std::int32_t constant;
  const char *where = "";  // the calls that it is for, if not all
};

constexpr Choice bin_rules[] = {{"rounded", SPP_BINS_ROUNDED},
                                {"adaptive", SPP_BINS_ADAPTIVE},
                                {"roi", SPP_BINS_ROI, "and for regions "}};
constexpr Choice layouts[] = {{"nhwc", SPP_LAYOUT_NHWC}, {"nchw", SPP_LAYOUT_NCHW}};
constexpr Choice orders[] = {{"bins_channels", SPP_ORDER_BINS_CHANNELS},
                             {"channels_bins", SPP_ORDER_CHANNELS_BINS}};
constexpr Choice nan_policies[] = {{"propagate", SPP_NAN_PROPAGATE}, {"ignore", SPP_NAN_IGNORE}};
constexpr Choice empty_policies[] = {
    {"error", SPP_EMPTY_ERROR}, {"lowest", SPP_EMPTY_LOWEST}, {"zero", SPP_EMPTY_ZERO}};
constexpr Choice tiers[] = {{"auto", SPP_TIER_AUTO},
                            {"portable", SPP_TIER_PORTABLE},
                            {"neon", SPP_TIER_NEON},
                            {"avx2", SPP_TIER_AVX2},
                            {"avx512", SPP_TIER_AVX512}};

template <std::size_t count>
std::int32_t chosen(const char *name, const std::string &word, const Choice (&choices)[count]) {
  std::string words;
  for (const Choice &choice : choices) {
    if (word == choice.word) return choice.constant;
    words += std::string(words.empty() ? "" : ", ") + choice.where + "'" + choice.word + "'";
  }
  raise_value_error(std::string(name) + " is '" + word + "'; there are " + words);
}

std::int32_t side_of(nb::handle number, nb::handle levels) {
  if (!PyIndex_Check(number.ptr())) {
    raise_type_error("levels is " + printed(levels) +
                     "; a level is a number of bins for each side, "
                     "or a pair (rows, columns)");
  }
  return read_int32(number, "a side of a level");
}

bool is_sequence(nb::handle object) {
  return PySequence_Check(object.ptr()) != 0 && !nb::isinstance<nb::str>(object);
}

}  // namespace

std::vector<spp_level> read_levels(nb::handle levels) {
  if (!is_sequence(levels)) {
    raise_type_error("levels is " + printed(levels) + ", not a sequence such as (1, 2, 4)");
  }
  std::vector<spp_level> result;
  for (const nb::handle level : levels) {
    if (!is_sequence(level)) {
      const std::int32_t side = side_of(level, levels);
      result.push_back({side, side});
    } else if (nb::len(level) == 2) {
      result.push_back({side_of(level[0], levels), side_of(level[1], levels)});
    } else {
      raise_value_error("levels is " + printed(levels) + "; a pair is (rows, columns)");
    }
  }
  return result;
}

Pooling::Pooling(Description description) : description_(std::move(description)) {
  options_.struct_size = sizeof options_;
  options_.levels = description_.levels.data();
  options_.level_count = static_cast<std::int64_t>(description_.levels.size());
  options_.bin_rule = chosen("bins", description_.bins, bin_rules);
  options_.order = chosen("order", description_.order, orders);
  options_.layout = chosen("layout", description_.layout, layouts);
  options_.nan_policy = chosen("nan", description_.nan, nan_policies);
  options_.empty_policy = chosen("empty", description_.empty, empty_policies);
  options_.tier = chosen("tier", description_.tier, tiers);
  handle(any_element_type());  // refuses what is wrong with the description
}

Pooling::~Pooling() {
  for (const auto &pooling : handles_) spp_pooling_destroy(pooling);
}

const spp_pooling *Pooling::handle(const ElementType &type) const {
  std::atomic<spp_pooling *> &slot = handles_[static_cast<std::size_t>(type.number)];
  spp_pooling *pooling = slot.load(std::memory_order_acquire);
  if (pooling != nullptr) return pooling;
  const std::lock_guard<std::mutex> lock(mutex_);
  pooling = slot.load(std::memory_order_relaxed);
  if (pooling != nullptr) return pooling;
  spp_options options = options_;
  options.element_type = type.number;
  check(spp_pooling_create(&options, &pooling));
  slot.store(pooling, std::memory_order_release);
  return pooling;
}

std::int64_t Pooling::bin_count() const {
  return spp_pooling_bin_count(handle(any_element_type()));
}

std::int64_t Pooling::output_length(std::int64_t channels) const {
  std::int64_t length = 0;
  check(spp_pooling_output_length(handle(any_element_type()), channels, &length));
  return length;
}

nb::object Pooling::rectangles(std::int64_t height, std::int64_t width) const {
  const std::int64_t shape[] = {bin_count(), 4};
  nb::object result = new_array(PyArray_DescrFromType(NPY_INT64), 2, shape);
  static_assert(sizeof(spp_rectangle) == 4 * sizeof(std::int64_t));
  check(spp_pooling_rectangles(handle(any_element_type()), height, width,
                               static_cast<spp_rectangle *>(elements_of(result)), shape[0]));
  return result;
}

std::string Pooling::describe(nb::handle dtype) const {
  return spp_pooling_describe(handle(element_type_for(dtype)));
}

nb::object permutation(nb::handle levels, std::int64_t channels) {
  const Pooling pooling(
      {read_levels(levels), "rounded", "nhwc", "bins_channels", "propagate", "error", "auto"});
  const std::int64_t length = pooling.output_length(channels);
  nb::object result = new_array(PyArray_DescrFromType(NPY_INT64), 1, &length);
  check(spp_pooling_permutation(pooling.handle(any_element_type()), channels,
                                static_cast<std::int64_t *>(elements_of(result)), length));
  return result;
}
