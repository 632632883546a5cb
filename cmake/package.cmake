# Packages, made by `cpack` in a build folder.
#   -G TGZ  one archive that works wherever it is unpacked; configure with any prefix but /usr
#   -G DEB  libspp<soversion>, libspp-dev and spp-tools; configure with the prefix /usr, which gives
#           Debian's library folder (preset `deb`)
set(CPACK_PACKAGE_NAME spp)
set(CPACK_PACKAGE_VENDOR spp)
set(CPACK_PACKAGE_CONTACT "The spp maintainers <maintainers@spp.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_PACKAGE_FILE_NAME
  spp-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_CURRENT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)
set(CPACK_COMPONENTS_ALL runtime development)
if(TARGET spp_tool)
  list(APPEND CPACK_COMPONENTS_ALL tools)
endif()

set(library_package libspp${PROJECT_VERSION_MAJOR})
set(what "Spatial pyramid pooling cuts a feature map of any height and width into
the bins of a pyramid such as 1x1, 2x2, 4x4 and takes the maximum of each
bin per channel, so that maps of all sizes give vectors of one length.")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_CURRENT_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${library_package})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
# Written here, because cpack's own way of calling ldconfig is a maintainer script, not a trigger.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/debian/shlibs
  "libspp ${PROJECT_VERSION_MAJOR} ${library_package} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_BINARY_DIR}/debian/triggers ${CMAKE_CURRENT_BINARY_DIR}/debian/shlibs)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "${what}
This package has the shared library.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libspp-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "${library_package} (= ${PROJECT_VERSION}), libtbb-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${what}
This package has the headers, the static library, the CMake package and the
pkg-config file.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME spp-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION science)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "${what}
This package has the command-line tool spp, which pools files and shows bins.")
# The tool's own dependency on the library: shlibdeps knows no package that is being made.
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${library_package} (>= ${PROJECT_VERSION})")

# Files that are put into the staged trees before they are packed.
string(TIMESTAMP debian_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(cmake/debian/changelog.in debian/changelog @ONLY)
configure_file(cmake/stage.cmake.in stage.cmake @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_BINARY_DIR}/stage.cmake)

include(CPack)
