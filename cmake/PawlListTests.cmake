# The build-time half of pawl_discover_tests(): lists the tests of EXECUTABLE, writes OUTPUT for
# CTest.
execute_process(COMMAND "${EXECUTABLE}" --list
  OUTPUT_VARIABLE listing RESULT_VARIABLE status TIMEOUT 60)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${EXECUTABLE} --list failed (${status}):\n${listing}")
endif()

set(properties "SKIP_RETURN_CODE 77 LABELS [==[${LABELS}]==]")
if(TIMEOUT)
  string(APPEND properties " TIMEOUT ${TIMEOUT}")
endif()
set(arguments "")
foreach(argument IN LISTS ARGS RUN)
  string(APPEND arguments " [==[${argument}]==]")
endforeach()

set(script "")
set(count 0)
string(REPLACE ";" "," lines "${listing}")
string(REPLACE "\n" ";" lines "${lines}")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "(\t|  ).*$" "" name "${line}")
  if(name STREQUAL "")
    continue()
  endif()
  string(REPLACE "(anonymous namespace)::" "" shown "${name}")
  set(test "[==[${PREFIX}${shown}]==]")
  string(APPEND script
    "add_test(${test} [==[${EXECUTABLE}]==]${arguments} [==[${name}]==])\n"
    "set_tests_properties(${test} PROPERTIES ${properties})\n")
  math(EXPR count "${count} + 1")
endforeach()
if(count EQUAL 0)
  message(FATAL_ERROR "${EXECUTABLE} --list names no test")
endif()
file(WRITE "${OUTPUT}" "${script}")
