#include "support/paint.hpp"

#include <array>
#include <cstring>

namespace {

constexpr std::uint32_t positive_infinity = 0x7f800000U;
constexpr std::uint32_t negative_infinity = 0xff800000U;
constexpr std::uint32_t largest_finite = 0x7f7fffffU;
constexpr std::uint32_t sign = 0x80000000U;

constexpr std::array<std::uint32_t, 8> nans = {
    0x7fc00000U, 0xffc00000U,   // quiet
    0x7fc12345U, 0xffd54321U,   // quiet with a payload
    0x7f800001U, 0xff800001U,   // signalling, smallest payload
    0x7fbfffffU, 0xffbfffffU};  // signalling, largest payload

std::uint32_t finite(std::uint32_t random) {
  const auto whole = static_cast<std::int32_t>(random % 2000003U) - 1000001;
  const float value = static_cast<float>(whole) / 64.0F;
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

std::uint32_t nan(std::uint32_t random) { return nans[(random >> 8) % nans.size()]; }

std::uint32_t zero(std::uint32_t random) {
  switch (random % 16) {
    case 0:
      return 1U;  // the smallest subnormal
    case 1:
      return sign | 1U;
    case 2:
      return sign | finite(random);
    default:
      return (random & 16U) != 0 ? sign : 0U;
  }
}

std::uint32_t infinite(std::uint32_t random) {
  switch (random % 8) {
    case 0:
      return positive_infinity;
    case 1:
      return largest_finite;
    case 2:
      return sign | largest_finite;
    case 3:
      return finite(random >> 3);
    default:
      return negative_infinity;
  }
}

// MurmurHash3's last step: a bijection of 32 bits in which every input bit reaches every output
// bit.
std::uint32_t scrambled(std::uint32_t value) {
  value = (value ^ (value >> 16)) * 0x85ebca6bU;
  value = (value ^ (value >> 13)) * 0xc2b2ae35U;
  return value ^ (value >> 16);
}

}  // namespace

std::uint32_t painted(Paint paint, std::int64_t position) {
  const std::uint32_t random = scrambled(static_cast<std::uint32_t>(position % 1000003));
  switch (paint) {
    case Paint::numbers:
      return finite(random);
    case Paint::negatives:
      return sign | (finite(random) + 1U);
    case Paint::zeros:
      return zero(random);
    case Paint::subnormals:
      return random & (sign | (random % 4 == 0 ? 0U : 0x007fffffU));
    case Paint::infinities:
      return infinite(random);
    case Paint::lowest:
      return random % 31 == 0 ? sign | largest_finite : negative_infinity;
    case Paint::few_nans:
      return random % 61 == 0 ? nan(random) : infinite(random >> 5);
    case Paint::many_nans:
      return random % 5 < 2 ? nan(random) : finite(random);
    case Paint::nearly_nans:
      return random % 13 != 0 ? nan(random) : finite(random);
  }
  return 0U;
}

const char *paint_name(Paint paint) {
  constexpr std::array<const char *, paint_count> names = {
      "numbers", "negatives", "zeros",     "subnormals", "infinities",
      "lowest",  "few_nans",  "many_nans", "nearly_nans"};
  return names[static_cast<std::size_t>(paint)];
}
