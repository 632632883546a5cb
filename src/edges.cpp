#include "edges.hpp"

namespace spp {
namespace {

// Half to even, by the rounding of the addition: in [2^23, 2^24) the spacing of floats is 1.
// Floats from 2^23 on are whole already, and those of the largest lengths are beyond them.
std::int64_t round_half_even(float value) {
  constexpr float whole = 8388608.0F;
  constexpr float beyond = 0x1p63F;
  if (value >= beyond) return INT64_MAX;
  return static_cast<std::int64_t>(value < whole ? (value + whole) - whole : value);
}

std::int64_t at_most(std::int64_t value, std::int64_t limit) {
  return value < limit ? value : limit;
}

std::int32_t count_empty(std::int32_t bins, const Span *spans) {
  std::int32_t empty = 0;
  for (std::int32_t i = 0; i < bins; ++i) empty += spans[i].first == spans[i].last;
  return empty;
}

// Every step is one float32 operation, as in the layer that the rule comes from.  The build turns
// contraction to FMA off.  The clamp matters for lengths of millions, where float32 runs past the
// end; no start or end is negative.
struct Rounded {
  Rounded(std::int64_t axis_length, std::int32_t bins)
      : length(axis_length), step(static_cast<float>(axis_length) / static_cast<float>(bins)) {}

  Span operator()(std::int32_t i) const {
    const float start = static_cast<float>(i) * step;
    return {at_most(round_half_even(start), length),
            at_most(round_half_even(start + step), length)};
  }

  std::int64_t length;
  float step;
};

// floor(i * L / n) and ceil((i + 1) * L / n) without the product, which could overflow: with
// L = quotient * n + remainder, i * L / n = i * quotient + i * remainder / n, and the last product
// is below 2^24 because a side has at most 4096 bins.
struct Adaptive {
  Adaptive(std::int64_t length, std::int32_t axis_bins)
      : quotient(length / axis_bins),
        remainder(static_cast<std::int32_t>(length % axis_bins)),
        bins(axis_bins) {}

  Span operator()(std::int32_t i) const {
    return {i * quotient + i * remainder / bins,
            (i + 1) * quotient + ((i + 1) * remainder + bins - 1) / bins};
  }

  std::int64_t quotient;
  std::int32_t remainder;
  std::int32_t bins;
};

// The same for lengths up to 2^20, where no value reaches 2^23 and no end passes the length: there
// the three roundings of an end are off by less than 3 * 2^-24 of it, so that rint gives the length.
struct RoundedShort {
  RoundedShort(std::int64_t length, std::int32_t bins)
      : step(static_cast<float>(length) / static_cast<float>(bins)) {}

  Span operator()(std::int32_t i) const {
    const float start = static_cast<float>(i) * step;
    return {whole(start), whole(start + step)};
  }

  static std::int64_t whole(float value) {
    constexpr float unit_spacing = 8388608.0F;
    return static_cast<std::int32_t>((value + unit_spacing) - unit_spacing);
  }

  static constexpr std::int64_t most_length = 1 << 20;
  float step;
};

// Ends of bins within the map.  No value is negative before the window's first cell is added, so that
// conversion to an integer is floor.
struct Roi {
  Roi(const Axis &window, std::int32_t bins)
      : axis(window), step(static_cast<float>(window.size) / static_cast<float>(bins)) {}

  Span operator()(std::int32_t i) const {
    const float end = static_cast<float>(i + 1) * step;
    const auto whole = static_cast<std::int64_t>(end);
    return {clipped(static_cast<std::int64_t>(static_cast<float>(i) * step)),
            clipped(static_cast<float>(whole) < end ? whole + 1 : whole)};
  }

  std::int64_t clipped(std::int64_t edge) const {
    edge += axis.first;
    return edge < axis.within.first ? axis.within.first : at_most(edge, axis.within.last);
  }

  Axis axis;
  float step;
};

template <class Rule>
std::int32_t write_spans(const Rule &rule, const Axis &axis, std::int32_t bins, Span *spans) {
  for (std::int32_t i = 0; i < bins; ++i) {
    const Span span = rule(i);
    spans[i] = {axis.first + span.first, axis.first + span.last};
  }
  return bins > axis.size ? count_empty(bins, spans) : 0;
}

}  // namespace

std::int32_t bin_spans(std::int32_t rule, const Axis &axis, std::int32_t bins, Span *spans) {
  switch (rule) {
    case SPP_BINS_ADAPTIVE:
      return write_spans(Adaptive(axis.size, bins), axis, bins, spans);
    case SPP_BINS_ROI: {
      const Roi roi(axis, bins);
      for (std::int32_t i = 0; i < bins; ++i) spans[i] = roi(i);
      return count_empty(bins, spans);
    }
    default:
      return axis.size <= RoundedShort::most_length
                 ? write_spans(RoundedShort(axis.size, bins), axis, bins, spans)
                 : write_spans(Rounded(axis.size, bins), axis, bins, spans);
  }
}

Span bin_span(std::int32_t rule, const Axis &axis, std::int32_t bins, std::int32_t i) {
  if (rule == SPP_BINS_ROI) return Roi(axis, bins)(i);
  const Span span =
      rule == SPP_BINS_ADAPTIVE ? Adaptive(axis.size, bins)(i) : Rounded(axis.size, bins)(i);
  return {axis.first + span.first, axis.first + span.last};
}

// One walk over both lists: starts and ends never decrease, so the fine span that begins where a
// coarse one begins is found by moving forward.  Of several with that start the longest that fits is
// taken; the walk to the coarse end then goes on from it.
bool derive_spans(const Span *coarse, std::int32_t coarse_count, const Span *fine,
                  std::int32_t fine_count, Span *sources) {
  std::int32_t j = 0;
  for (std::int32_t i = 0; i < coarse_count; ++i) {
    if (coarse[i].first == coarse[i].last) return false;
    while (j < fine_count && fine[j].first < coarse[i].first) ++j;
    while (j + 1 < fine_count && fine[j + 1].first == coarse[i].first &&
           fine[j + 1].last <= coarse[i].last)
      ++j;
    if (j == fine_count || fine[j].first != coarse[i].first) return false;
    std::int32_t k = j;
    while (fine[k].last < coarse[i].last && k + 1 < fine_count && fine[k + 1].first <= fine[k].last)
      ++k;
    if (fine[k].last != coarse[i].last) return false;
    sources[i] = {j, k + 1};
  }
  return true;
}

}  // namespace spp
