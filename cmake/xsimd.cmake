# spp_xsimd: the xsimd headers, as system headers.  Found by path and not by find_package, because
# version 14's package file refuses a request for 8.1, and both versions will do.
# Another copy: -DSPP_XSIMD_INCLUDE_DIR=<folder that has xsimd/xsimd.hpp>.
find_path(SPP_XSIMD_INCLUDE_DIR xsimd/xsimd.hpp
  DOC "Folder that has xsimd/xsimd.hpp, version 8.1 or newer" REQUIRED)
add_library(spp_xsimd INTERFACE)
target_include_directories(spp_xsimd SYSTEM INTERFACE ${SPP_XSIMD_INCLUDE_DIR})
