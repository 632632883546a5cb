# Install rules: the CMake package `spp` (components shared and static), spp.pc and the headers.
# Packages are made from them by cmake/package.cmake.
# Install components: runtime (the shared library), development, tools (from bindings/cli).
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/spp)

# One export file per kind, so that a package without the static library still loads.
foreach(kind shared static)
  install(TARGETS spp_${kind} EXPORT spp-${kind}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
      COMPONENT runtime NAMELINK_COMPONENT development
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
  install(EXPORT spp-${kind} NAMESPACE spp:: FILE spp-${kind}-targets.cmake
    DESTINATION ${package_dir} COMPONENT development)
endforeach()

# What the static library needs beyond what a C compiler links by itself.
set(SPP_CXX_RUNTIME ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_ITEM SPP_CXX_RUNTIME ${CMAKE_C_IMPLICIT_LINK_LIBRARIES})
list(TRANSFORM SPP_CXX_RUNTIME PREPEND -l OUTPUT_VARIABLE SPP_PC_CXX_RUNTIME)
list(JOIN SPP_PC_CXX_RUNTIME " " SPP_PC_CXX_RUNTIME)

configure_package_config_file(cmake/spp-config.cmake.in spp-config.cmake
  INSTALL_DESTINATION ${package_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(spp-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/spp-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/spp-config-version.cmake
  DESTINATION ${package_dir} COMPONENT development)

install(FILES capi/spp.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(DIRECTORY include/spp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
  FILES_MATCHING PATTERN "*.hpp")

# spp.pc finds its prefix from its own place, however deep the library folder is (Debian's is
# lib/<triplet>), so that an unpacked archive works anywhere.
file(RELATIVE_PATH prefix_from_pc
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" prefix_from_pc ${prefix_from_pc})
configure_file(cmake/spp.pc.in spp.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/spp.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

# The tool looks for the library beside itself; in /usr the loader does without that.
if(TARGET spp_tool AND CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set_target_properties(spp_tool PROPERTIES INSTALL_RPATH "")
endif()
