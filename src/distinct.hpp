// Arrays that are written must not have two elements at one address.
#pragma once

#include <spp.h>

#include "images.hpp"

namespace spp {

// Fails, naming the axis or the two maps, if elements of the arrays share an address.
spp_status check_distinct(const Pooling &pooling, const Images &images);

}  // namespace spp
