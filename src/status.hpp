// Failures: a status and this thread's sentence about it.
#pragma once

#include <spp.h>

namespace spp {

// Stores the sentence for spp_last_error() and returns `status`.
[[nodiscard]] spp_status fail(spp_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *last_error();

}  // namespace spp

#define SPP_RETURN_IF_FAILED(expression)     \
  do {                                       \
    const spp_status status_ = (expression); \
    if (status_ != SPP_OK) return status_;   \
  } while (false)
