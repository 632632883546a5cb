#include "status.hpp"

#include <cstdarg>
#include <cstdio>

namespace spp {
namespace {

// A plain array: no allocation when memory is short, and nothing to destroy when a thread ends.
thread_local char sentence[512] = "";

}  // namespace

spp_status fail(spp_status status, const char *format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  return status;
}

const char *last_error() { return sentence; }

}  // namespace spp
