# pawl_add_model(<name> <source>... [ARGS <arg>...] [LABELS <label>...] [TIMEOUT <seconds>])
#
# Makes the executable <name> from files with PAWL_MODEL blocks, linked to pawl::checked (the
# library on the model backend, the checker, and main()). Each model becomes one CTest test, run as
# `<name> <ARGS> --run <model>`, with the label "model" and LABELS.
include_guard()
include("${CMAKE_CURRENT_LIST_DIR}/PawlDiscoverTests.cmake")

function(pawl_add_model name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "ARGS;LABELS")
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "pawl_add_model(${name}): no source files")
  endif()
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE pawl::checked)
  set(timeout "")
  if(arg_TIMEOUT)
    set(timeout TIMEOUT ${arg_TIMEOUT})
  endif()
  pawl_discover_tests(${name} RUN --run ARGS ${arg_ARGS} LABELS model ${arg_LABELS} ${timeout})
endfunction()
