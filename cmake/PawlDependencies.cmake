# What pawl needs, found once and for all directories (GLOBAL), the including project's too: a
# static library hands even its private dependencies on to the final link.
find_package(Threads REQUIRED GLOBAL)
find_package(tl-expected REQUIRED GLOBAL)

# The checker's dependencies. A larger build that lacks them gets the library alone.
set(PAWL_CHECKER_DEPENDENCIES Boost fmt CLI11 nlohmann_json)
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
