// Tensors of other libraries as a batch of maps.  dlpack.cpp alone knows DLPack.
#pragma once

#include "images.hpp"

namespace spp {

// `given` is a DLTensor.  Checks it against the handle's element type and layout.
spp_status images_of_tensor(const Pooling &pooling, const void *given, Images &images);

}  // namespace spp
