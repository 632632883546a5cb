// From boxes in an image to windows of its map (docs/values.md, section 7).
#pragma once

#include <spp.h>

#include <cstdint>

namespace spp {

struct Boxes {
  const float *corners;  // count x {x1, y1, x2, y2}
  const std::int64_t *images;
  std::int64_t count;
  spp_region *regions;  // written
};

spp_status project_paper(const Boxes &boxes, float stride, std::int64_t height, std::int64_t width);
spp_status project_roi_pool(const Boxes &boxes, float scale);

}  // namespace spp
