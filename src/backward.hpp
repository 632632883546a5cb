// One backward call: checked arguments in, pieces run, the gradients of the maps written.
#pragma once

#include <spp.h>

#include "images.hpp"
#include "pooling.hpp"

namespace spp {

// `images` are the gradients of the maps.
spp_status backward(const Pooling &pooling, const spp_gradient *gradient, const spp_argmax *argmax,
                    const Images &images, const spp_execution *execution);

}  // namespace spp
