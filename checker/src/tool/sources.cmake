# PAWL_TOOL_SOURCES belong to the library, PAWL_CHECK_MAIN_SOURCES are the main() of
# model executables, PAWL_PROGRAM_SOURCES the pawl program but for hookless.cpp, which needs
# libelf. They use CLI11, fmt and nlohmann_json.
set(PAWL_TOOL_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/command_line.cpp
  ${CMAKE_CURRENT_LIST_DIR}/forecast.cpp
  ${CMAKE_CURRENT_LIST_DIR}/interrupt.cpp
  ${CMAKE_CURRENT_LIST_DIR}/live_line.cpp
  ${CMAKE_CURRENT_LIST_DIR}/numbers.cpp
  ${CMAKE_CURRENT_LIST_DIR}/registry.cpp
  ${CMAKE_CURRENT_LIST_DIR}/run_models.cpp
  ${CMAKE_CURRENT_LIST_DIR}/select.cpp
  ${CMAKE_CURRENT_LIST_DIR}/split.cpp
  ${CMAKE_CURRENT_LIST_DIR}/summary.cpp)
set(PAWL_CHECK_MAIN_SOURCES ${CMAKE_CURRENT_LIST_DIR}/main.cpp)
set(PAWL_PROGRAM_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/check_program.cpp
  ${CMAKE_CURRENT_LIST_DIR}/child.cpp
  ${CMAKE_CURRENT_LIST_DIR}/compile.cpp
  ${CMAKE_CURRENT_LIST_DIR}/compiler.cpp
  ${CMAKE_CURRENT_LIST_DIR}/pawl.cpp
  ${CMAKE_CURRENT_LIST_DIR}/run_programs.cpp
  ${CMAKE_CURRENT_LIST_DIR}/scratch.cpp)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/command_line.cpp
  PROPERTIES COMPILE_DEFINITIONS "PAWL_VERSION=\"${PROJECT_VERSION}\"")

# The flags of compilers are listed in CMake, and where things are installed is known there.
file(RELATIVE_PATH library_from_tool "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
file(RELATIVE_PATH include_from_tool "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_INCLUDEDIR}")
set(definitions
  "PAWL_LIBRARY_FROM_TOOL=\"${library_from_tool}\""
  "PAWL_INCLUDE_FROM_TOOL=\"${include_from_tool}\"")
foreach(list IN ITEMS COMPILE_GNU COMPILE_CLANG EACH_ACCESS_GNU EACH_ACCESS_CLANG
    HEADERS_FIRST HEADERS_LAST LINK)
  string(JOIN " " words ${PAWL_INSTRUMENT_${list}})
  list(APPEND definitions "PAWL_${list}=\"${words}\"")
endforeach()
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/compiler.cpp
  PROPERTIES COMPILE_DEFINITIONS "${definitions}")
