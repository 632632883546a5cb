# spp_dlpack: the header of DLPack, as a system header; only DLTensor is used, which is the same in
# every release since 0.5.  Another copy: -DSPP_DLPACK_INCLUDE_DIR=<folder that has dlpack/dlpack.h>.
find_path(SPP_DLPACK_INCLUDE_DIR dlpack/dlpack.h
  DOC "Folder that has dlpack/dlpack.h, version 0.5 or newer" REQUIRED)
add_library(spp_dlpack INTERFACE)
target_include_directories(spp_dlpack SYSTEM INTERFACE ${SPP_DLPACK_INCLUDE_DIR})
