// Statuses of the library as Python exceptions.
#ifndef LIBSPP_ERRORS_HPP
#define LIBSPP_ERRORS_HPP

#include <spp.h>

#include <string>

// Raises the exception that stands for a failed status, with the library's sentence.
void check(spp_status status);

[[noreturn]] void raise_type_error(const std::string &sentence);
[[noreturn]] void raise_value_error(const std::string &sentence);

#endif
