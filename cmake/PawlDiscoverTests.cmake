# pawl_discover_tests(<target> [RUN <option>] [PREFIX <text>] [ARGS <arg>...] [LABELS <label>...]
#                     [TIMEOUT <seconds>])
#
# Adds one CTest test for each test that `<target> --list` names, one a line; what follows the name
# after a tab or two spaces is description. The list is made after each build of the target, so a
# test cannot be forgotten. A test runs `<target> <ARGS> [<RUN>] <name>`: without RUN the name
# itself is the argument (the CppUnit executables); models use RUN --run. Exit code 77 means
# skipped. Needs a target that runs on the build machine.
set(_PAWL_LIST_TESTS_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/PawlListTests.cmake")

function(pawl_discover_tests target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "RUN;PREFIX;TIMEOUT" "ARGS;LABELS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "pawl_discover_tests: unknown arguments '${arg_UNPARSED_ARGUMENTS}'")
  endif()

  set(base "${CMAKE_CURRENT_BINARY_DIR}/${target}")
  set(tests "${base}_tests.cmake")
  add_custom_command(TARGET ${target} POST_BUILD
    BYPRODUCTS "${tests}"
    COMMAND "${CMAKE_COMMAND}"
      -D "EXECUTABLE=$<TARGET_FILE:${target}>"
      -D "OUTPUT=${tests}"
      -D "RUN=${arg_RUN}"
      -D "PREFIX=${arg_PREFIX}"
      -D "ARGS=${arg_ARGS}"
      -D "LABELS=${arg_LABELS}"
      -D "TIMEOUT=${arg_TIMEOUT}"
      -P "${_PAWL_LIST_TESTS_SCRIPT}"
    VERBATIM)

  # A target that was never built shows up as a test that cannot run, not as nothing.
  file(WRITE "${base}_include.cmake" "\
if(EXISTS \"${tests}\")
  include(\"${tests}\")
else()
  add_test(${target}_NOT_BUILT ${target}_NOT_BUILT)
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${base}_include.cmake")
endfunction()
