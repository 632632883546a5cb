# spp_warnings: the warnings that all code of this project is built with.
add_library(spp_warnings INTERFACE)
target_compile_options(spp_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${SPP_WARNINGS_AS_ERRORS}>:-Werror>)
