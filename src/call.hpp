// One pooling call: checked arguments in, pieces run, output rows written.
#pragma once

#include <spp.h>

#include "images.hpp"
#include "pooling.hpp"

namespace spp {

// `argmax`: nullptr, or where the positions of the maxima go.
spp_status pool(const Pooling &pooling, const Images &images, const spp_output *output,
                const spp_argmax *argmax, const spp_execution *execution);

}  // namespace spp
