#pragma once

#include "maps.hpp"

// Reads every byte of the window once, as fast as a simple loop can: the maximum of its numbers
// taken as unsigned integers, with enough running maxima that no addition chain slows it down.
// Compiled for the widest vectors of the running CPU.  The result only keeps the loop alive.
uint32_t plain_read(const Window &window);
