// The element types of the C ABI, as the oracle knows them.
#ifndef SPP_TESTS_SUPPORT_ELEMENTS_HPP
#define SPP_TESTS_SUPPORT_ELEMENTS_HPP

#include <array>
#include <cstdint>

#include "oracle.hpp"
#include "spp.h"

struct Element {
  std::int32_t id;  // its place in the table
  const char *name;
  oracle::Type type;
};

constexpr std::array<Element, 9> all_elements = {{
    {SPP_F32, "f32", {oracle::Kind::floating, 4, 23}},
    {SPP_F64, "f64", {oracle::Kind::floating, 8, 52}},
    {SPP_F16, "f16", {oracle::Kind::floating, 2, 10}},
    {SPP_BF16, "bf16", {oracle::Kind::floating, 2, 7}},
    {SPP_I8, "i8", {oracle::Kind::signed_integer, 1, 0}},
    {SPP_U8, "u8", {oracle::Kind::unsigned_integer, 1, 0}},
    {SPP_I16, "i16", {oracle::Kind::signed_integer, 2, 0}},
    {SPP_I32, "i32", {oracle::Kind::signed_integer, 4, 0}},
    {SPP_U16, "u16", {oracle::Kind::unsigned_integer, 2, 0}},
}};

constexpr const Element &element_of(std::int32_t id) {
  return all_elements[static_cast<std::size_t>(id)];
}

#endif
