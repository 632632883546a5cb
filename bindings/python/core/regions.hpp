// The windows of a call.
#ifndef LIBSPP_REGIONS_HPP
#define LIBSPP_REGIONS_HPP

#include <spp.h>

#include "numbers.hpp"
#include "output.hpp"

// A table (R, 5) of whole numbers, which lies as the library's structs do.
class Regions {
 public:
  explicit Regions(nb::handle regions)
      : table_(read_table(regions, "regions", NPY_INT64, 5,
                          "(R, 5): image, y, x, height and width of each")) {
    static_assert(sizeof(spp_region) == 5 * sizeof(std::int64_t));
  }

  const spp_region *data() const { return static_cast<const spp_region *>(elements_of(table_)); }
  std::int64_t count() const {
    return PyArray_DIM(reinterpret_cast<PyArrayObject *>(table_.ptr()), 0);
  }

 private:
  nb::object table_;
};

#endif
