// The rows of a call: of maxima, of their positions or of gradients.
#ifndef LIBSPP_ROWS_HPP
#define LIBSPP_ROWS_HPP

#include <spp.h>

#include <optional>

#include "array.hpp"

struct RowShape {
  bool single;  // the one row of one map, an array of one dimension
  std::int64_t count;
  std::int64_t length;
};

class Rows {
 public:
  // The caller's array, or for None a new one of `type`.  A given array of elements has to have that
  // type; one of positions may have either of theirs.
  Rows(nb::handle given, const char *name, const Use &use, const ElementType &type,
       const RowShape &shape);
  // The caller's array, which has to outlive what is read from it here; without `type`, of any.
  Rows(const Array &given, const char *name, const ElementType *type, const RowShape &shape);

  spp_output output() const;
  spp_gradient gradient() const;
  spp_argmax argmax() const;

  nb::object array;

 private:
  void read(const Array &given, const char *name, const ElementType *type, const RowShape &shape);

  std::optional<Array> given_;
  const ElementType *type_ = nullptr;
  void *data_ = nullptr;
  std::int64_t capacity_ = 0;
  std::int64_t row_stride_ = 0;
};

// "(2, 5376)".
std::string shape_text(int dimensions, const std::int64_t *shape);

#endif
