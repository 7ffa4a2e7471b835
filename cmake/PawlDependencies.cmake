# What pawl needs, found once and for all directories (GLOBAL), the including project's too: a
# static library hands even its private dependencies on to the final link.
find_package(Threads REQUIRED GLOBAL)
find_package(tl-expected REQUIRED GLOBAL)

# The checker's dependencies. A larger build that lacks them gets the library alone.
set(PAWL_CHECKER_DEPENDENCIES Boost fmt CLI11 nlohmann_json Zydis)
set(PAWL_BUILD_CHECKER TRUE)
foreach(package IN LISTS PAWL_CHECKER_DEPENDENCIES)
  set(components "")
  if(package STREQUAL "Boost")
    set(components 1.81 COMPONENTS context)
  endif()
  if(PROJECT_IS_TOP_LEVEL)
    find_package(${package} ${components} REQUIRED GLOBAL)
  else()
    find_package(${package} ${components} QUIET GLOBAL)
    if(NOT ${package}_FOUND)
      message(STATUS "pawl: ${package} not found, so pawl::checked is not built")
      set(PAWL_BUILD_CHECKER FALSE)
    endif()
  endif()
endforeach()

# The debug information of programs that are checked as they are, and the symbols of objects that go
# into them: without it, only models can be. What has libdw has libelf.
find_path(PAWL_LIBDW_INCLUDE elfutils/libdwfl.h)
find_library(PAWL_LIBDW dw)
find_library(PAWL_LIBELF elf)
mark_as_advanced(PAWL_LIBDW_INCLUDE PAWL_LIBDW PAWL_LIBELF)
if(PAWL_LIBDW AND PAWL_LIBELF AND PAWL_LIBDW_INCLUDE)
  set(PAWL_BUILD_PROGRAM_FRONT_END ${PAWL_BUILD_CHECKER})
else()
  set(PAWL_BUILD_PROGRAM_FRONT_END FALSE)
  if(PROJECT_IS_TOP_LEVEL)
    message(FATAL_ERROR "pawl: libdw not found (Debian: libdw-dev)")
  endif()
  message(STATUS "pawl: libdw not found, so programs can't be checked as they are")
endif()
