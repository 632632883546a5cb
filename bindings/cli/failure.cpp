#include "failure.hpp"

#include <fmt/format.h>

#include <system_error>

Failure system_failure(const std::string &path, int error_number) {
  return Failure(fmt::format("{}: {}", path, std::generic_category().message(error_number)));
}
