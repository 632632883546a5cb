# Fails unless the shared library exports exactly the names of the export list.
#
#   cmake -DNM=nm -DLIBRARY=libspp.so -DLIST=exports.map -P exported_symbols.cmake
cmake_minimum_required(VERSION 3.22)

file(READ ${LIST} list)
string(REGEX MATCHALL "spp_[a-z_]+" listed "${list}")

execute_process(COMMAND ${NM} -D --defined-only ${LIBRARY}
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${symbols}")
set(exported)
foreach(line IN LISTS lines)
  string(REGEX MATCH "([A-Za-z]) ([^ @]+)" matched "${line}")
  # The version's own name, SPP_0, is an absolute symbol.
  if(NOT CMAKE_MATCH_1 STREQUAL "A")
    list(APPEND exported ${CMAKE_MATCH_2})
  endif()
endforeach()

list(SORT listed)
list(SORT exported)
if(NOT listed OR NOT listed STREQUAL exported)
  message(FATAL_ERROR "listed:   ${listed}\nexported: ${exported}")
endif()
list(LENGTH listed count)
message("${count} functions")
