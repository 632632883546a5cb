// Boxes of images as regions of their maps.
#ifndef LIBSPP_PROJECTIONS_HPP
#define LIBSPP_PROJECTIONS_HPP

#include <cstdint>

#include "numpy_api.hpp"

// boxes: a table (R, 5) of image, x1, y1, x2 and y2.  Both return regions, (R, 5) of int64.
nb::object project_paper(nb::handle boxes, float stride, std::int64_t height, std::int64_t width);
nb::object project_roi_pool(nb::handle boxes, float spatial_scale);

#endif
