// The rows that a call is to write: exactly as much memory, and what is to stay as it is between them.
#ifndef SPP_TESTS_SUPPORT_ROWS_HPP
#define SPP_TESTS_SUPPORT_ROWS_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "oracle.hpp"
#include "spp.h"
#include "support/guarded.hpp"
#include "support/recipe.hpp"

class ExpectedRows {
 public:
  // `gap`: elements between rows.  The recipe must outlive this object.
  ExpectedRows(const Recipe &recipe, std::int64_t channels, std::int64_t gap);

  std::int64_t length() const { return length_; }

  // The next row; its positions where the recipe asks for them.
  void add(const std::vector<oracle::Value> &values, const std::vector<std::int64_t> &positions);

  // No argmax where the recipe asks for none.
  using Call = std::function<spp_status(const spp_pooling *pooling, const spp_output *output,
                                        const spp_argmax *argmax, const spp_execution *execution)>;

  // Succeeds if the call ends as `wanted`, on this tier, and wrote these rows and nothing else: nothing
  // at all if `wanted` is not SPP_OK.
  testing::AssertionResult compare(std::int32_t tier, Placement placement,
                                   const spp_execution *execution, spp_status wanted,
                                   const Call &call) const;

 private:
  const void *place_positions(Placement placement, std::int64_t row_stride,
                              spp_argmax &argmax) const;
  testing::AssertionResult same_values(const char *written, bool refused) const;
  testing::AssertionResult same_positions(const void *written, bool refused) const;
  testing::AssertionResult differs(const char *what, std::size_t k) const;

  const Recipe &recipe_;
  oracle::Type type_;
  std::int64_t length_;
  std::int64_t stride_;
  std::vector<oracle::Value> values_;
  std::vector<std::int64_t> positions_;
};

#endif
