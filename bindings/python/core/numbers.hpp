// Numbers and sentences from Python objects.
#ifndef LIBSPP_NUMBERS_HPP
#define LIBSPP_NUMBERS_HPP

#include <spp.h>

#include <cstdint>
#include <string>

#include "numpy_api.hpp"

// repr(object).
std::string printed(nb::handle object);

// A str; `usual` is one that `name` may be, for the sentence of the exception.
std::string read_word(nb::handle word, const char *name, const char *usual);

// What has __index__, as NumPy's integers have.  `name` begins the sentences of the exceptions.
std::int32_t read_int32(nb::handle number, const char *name);

// What NumPy makes a table of numbers of, with that many columns: without gaps, of NPY_INT64 or
// NPY_DOUBLE.  `columns` says what they hold, "(R, 5): ...", for the sentence of the exception.
nb::object read_table(nb::handle table, const std::string &name, int type, std::int64_t width,
                      const char *columns);

// threads may be None.
spp_execution execution_with(nb::handle threads);

#endif
