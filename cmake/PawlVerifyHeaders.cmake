# pawl_verify_headers(<target> <include-directory> [EXCLUDE <regex>])
#
# Proves that every header below <include-directory> compiles on its own with the usage requirements
# of <target>: an object library with one source a header, each holding a single #include.
function(pawl_verify_headers target directory)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "EXCLUDE" "")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${directory}" "${directory}/*.hpp")
  if(arg_EXCLUDE)
    list(FILTER headers EXCLUDE REGEX "${arg_EXCLUDE}")
  endif()
  set(sources "")
  foreach(header IN LISTS headers)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/${target}_headers/${header}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include <${header}>\n#include <${header}>\n")
    list(APPEND sources "${source}")
  endforeach()
  add_library(${target}_headers OBJECT ${sources})
  target_link_libraries(${target}_headers PRIVATE ${target})
endfunction()
