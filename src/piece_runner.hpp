// One piece of a call: geometry, scratch on the thread's stack, and the kernel.
#pragma once

#include "call_memory.hpp"

namespace spp {

// Under the default floating-point environment.
void run_piece(Call &call, std::int64_t index);

}  // namespace spp
