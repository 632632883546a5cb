#include "projections.hpp"

#include <spp.h>

#include <cmath>
#include <string>
#include <vector>

#include "errors.hpp"
#include "numbers.hpp"
#include "output.hpp"

namespace {

constexpr double most_images = 9007199254740992.0;  // 2^53

class Boxes {
 public:
  explicit Boxes(nb::handle boxes) {
    const nb::object table =
        read_table(boxes, "boxes", NPY_DOUBLE, 5, "(R, 5): image, x1, y1, x2 and y2 of each");
    const auto *box = static_cast<const double *>(elements_of(table));
    const std::int64_t shape[] = {PyArray_DIM(reinterpret_cast<PyArrayObject *>(table.ptr()), 0),
                                  5};
    for (std::int64_t k = 0; k < shape[0]; ++k, box += 5) {
      if (std::trunc(box[0]) != box[0] || !(std::fabs(box[0]) <= most_images)) {
        raise_value_error("boxes[" + std::to_string(k) + "] has the image " +
                          std::to_string(box[0]) + ", not the index of a map");
      }
      images.push_back(static_cast<std::int64_t>(box[0]));
      for (int side = 1; side < 5; ++side) corners.push_back(static_cast<float>(box[side]));
    }
    regions = new_array(PyArray_DescrFromType(NPY_INT64), 2, shape);
  }

  std::int64_t count() const { return static_cast<std::int64_t>(images.size()); }
  spp_region *windows() const { return static_cast<spp_region *>(elements_of(regions)); }

  std::vector<std::int64_t> images;
  std::vector<float> corners;
  nb::object regions;
};

}  // namespace

nb::object project_paper(nb::handle boxes, float stride, std::int64_t height, std::int64_t width) {
  const Boxes all(boxes);
  check(spp_project_paper(all.corners.data(), all.images.data(), all.count(), stride, height, width,
                          all.windows()));
  return all.regions;
}

nb::object project_roi_pool(nb::handle boxes, float spatial_scale) {
  const Boxes all(boxes);
  check(spp_project_roi_pool(all.corners.data(), all.images.data(), all.count(), spatial_scale,
                             all.windows()));
  return all.regions;
}
