# spp::shared and spp::static, both from one set of objects.
include(cmake/tiers.cmake)
find_package(TBB REQUIRED)

set(tier_sources)
foreach(tier IN LISTS SPP_TIERS)
  set(sources src/tiers/${tier}.cpp src/tiers/${tier}_argmax.cpp
      src/tiers/${tier}_gradient.cpp src/tiers/${tier}_regions.cpp)
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${SPP_TIER_FLAGS_${tier}}")
  list(APPEND tier_sources ${sources})
endforeach()

add_library(spp_objects OBJECT
  capi/spp.cpp
  src/backward.cpp
  src/call.cpp
  src/call_memory.cpp
  src/cpu.cpp
  src/dispatch.cpp
  src/distinct.cpp
  src/dlpack.cpp
  src/edges.cpp
  src/fold_plan.cpp
  src/gradient_writer.cpp
  src/grid.cpp
  src/images.cpp
  src/ordered_gradient.cpp
  src/parallel.cpp
  src/partition.cpp
  src/piece_runner.cpp
  src/pieces.cpp
  src/pooling.cpp
  src/positions.cpp
  src/projections.cpp
  src/region_cost.cpp
  src/region_plan.cpp
  src/regions.cpp
  src/rows.cpp
  src/scratch.cpp
  src/status.cpp
  src/windows.cpp
  src/zero_fill.cpp
  ${tier_sources})
# The kernel is tuned at -O3 whatever the build type's default is; results do not depend on it.
# Contraction to FMA would change the float32 steps of the geometry.
target_compile_options(spp_objects PRIVATE
  $<$<CONFIG:Release,RelWithDebInfo>:-O3> -ffp-contract=off)
target_compile_definitions(spp_objects PRIVATE spp_EXPORTS)
foreach(tier IN LISTS SPP_TIERS)
  string(TOUPPER ${tier} upper)
  target_compile_definitions(spp_objects PRIVATE SPP_HAS_${upper})
endforeach()
target_include_directories(spp_objects PRIVATE src capi)
target_link_libraries(spp_objects PRIVATE spp_warnings spp_xsimd spp_dlpack TBB::tbb)
set_target_properties(spp_objects PROPERTIES
  POSITION_INDEPENDENT_CODE ON
  CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON)

set(export_list ${CMAKE_CURRENT_SOURCE_DIR}/capi/exports.map)
add_library(spp_shared SHARED $<TARGET_OBJECTS:spp_objects>)
target_link_libraries(spp_shared PRIVATE TBB::tbb)
target_link_options(spp_shared PRIVATE "LINKER:--version-script=${export_list}")
# dlclose() leaves it and its oneTBB loaded: oneTBB's threads outlive every call, and would run on in
# unmapped code.
target_link_options(spp_shared PRIVATE LINKER:-z,nodelete)
# Clang leaves the symbols of a sanitizer to the program that loads the library.
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  target_link_options(spp_shared PRIVATE LINKER:-z,defs)
endif()
set_target_properties(spp_shared PROPERTIES
  LINK_DEPENDS ${export_list}
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}
  LINKER_LANGUAGE CXX)

add_library(spp_static STATIC $<TARGET_OBJECTS:spp_objects>)
target_link_libraries(spp_static PRIVATE TBB::tbb)
target_compile_definitions(spp_static PUBLIC SPP_STATIC_DEFINE)
set_target_properties(spp_static PROPERTIES LINKER_LANGUAGE CXX)

foreach(kind shared static)
  add_library(spp::${kind} ALIAS spp_${kind})
  set_target_properties(spp_${kind} PROPERTIES OUTPUT_NAME spp EXPORT_NAME ${kind})
  target_include_directories(spp_${kind} INTERFACE
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/capi>
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endforeach()
