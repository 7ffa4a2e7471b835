# PAWL_TOOL_SOURCES belong to the library, PAWL_CHECK_MAIN_SOURCES are the main() of
# model executables, PAWL_PROGRAM_SOURCES the pawl program. They use CLI11, fmt and nlohmann_json.
set(PAWL_TOOL_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/command_line.cpp
  ${CMAKE_CURRENT_LIST_DIR}/forecast.cpp
  ${CMAKE_CURRENT_LIST_DIR}/interrupt.cpp
  ${CMAKE_CURRENT_LIST_DIR}/live_line.cpp
  ${CMAKE_CURRENT_LIST_DIR}/numbers.cpp
  ${CMAKE_CURRENT_LIST_DIR}/registry.cpp
  ${CMAKE_CURRENT_LIST_DIR}/run_models.cpp
  ${CMAKE_CURRENT_LIST_DIR}/select.cpp
  ${CMAKE_CURRENT_LIST_DIR}/summary.cpp)
set(PAWL_CHECK_MAIN_SOURCES ${CMAKE_CURRENT_LIST_DIR}/main.cpp)
set(PAWL_PROGRAM_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/child.cpp
  ${CMAKE_CURRENT_LIST_DIR}/pawl.cpp
  ${CMAKE_CURRENT_LIST_DIR}/run_programs.cpp)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/command_line.cpp
  PROPERTIES COMPILE_DEFINITIONS "PAWL_VERSION=\"${PROJECT_VERSION}\"")
