// Cache lines, and sizes in whole ones.
#pragma once

#include <cstdint>

namespace spp {

constexpr std::int64_t line_bytes = 64;

inline std::int64_t round_up(std::int64_t value, std::int64_t unit) {
  return (value + unit - 1) / unit * unit;
}

}  // namespace spp
