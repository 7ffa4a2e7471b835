# pawl_program: the engine for programs that are compiled with hooks (-fsanitize=thread) and know
# nothing of the checker. They see nothing of it but what they would call anyway.
set(directory src/frontend/instrumented)
add_library(pawl_program SHARED
  $<TARGET_OBJECTS:pawl_engine>
  $<TARGET_OBJECTS:pawl_reports>
  ${directory}/accesses.cpp
  ${directory}/atomics.cpp
  ${directory}/barriers.cpp
  ${directory}/boot_heap.cpp
  ${directory}/bounds.cpp
  ${directory}/c11_threads.cpp
  ${directory}/cell.cpp
  ${directory}/clocks.cpp
  ${directory}/conditions.cpp
  ${directory}/containers.cpp
  ${directory}/debug_information.cpp
  ${directory}/ends.cpp
  ${directory}/file_changes.cpp
  ${directory}/files.cpp
  ${directory}/formats.cpp
  ${directory}/frames.cpp
  ${directory}/futexes.cpp
  ${directory}/heap.cpp
  ${directory}/iterations.cpp
  ${directory}/keys.cpp
  ${directory}/large_atomics.cpp
  ${directory}/explored.cpp
  ${directory}/large_objects.cpp
  ${directory}/large_values.cpp
  ${directory}/locks.cpp
  ${directory}/mappings.cpp
  ${directory}/numbers.cpp
  ${directory}/once.cpp
  ${directory}/output.cpp
  ${directory}/plain.cpp
  ${directory}/positions.cpp
  ${directory}/process_state.cpp
  ${directory}/program.cpp
  ${directory}/races.cpp
  ${directory}/random.cpp
  ${directory}/reachable.cpp
  ${directory}/refused.cpp
  ${directory}/rwlocks.cpp
  ${directory}/scheduling.cpp
  ${directory}/semaphores.cpp
  ${directory}/shadow.cpp
  ${directory}/shared_pointers.cpp
  ${directory}/sites.cpp
  ${directory}/spinlocks.cpp
  ${directory}/stacks.cpp
  ${directory}/std_thread_end.cpp
  ${directory}/std_waits.cpp
  ${directory}/streams.cpp
  ${directory}/strings.cpp
  ${directory}/system_calls.cpp
  ${directory}/thread_locals.cpp
  ${directory}/threads.cpp
  ${directory}/unwritten.cpp
  ${directory}/variables.cpp
  ${directory}/verify.cpp
  ${directory}/wide_streams.cpp)
add_library(pawl::program ALIAS pawl_program)
set_target_properties(pawl_program PROPERTIES
  PAWL_PROGRAM_INCLUDE "${CMAKE_CURRENT_SOURCE_DIR}/include"
  EXPORT_NAME program CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
target_compile_features(pawl_program PRIVATE cxx_std_20)
target_include_directories(pawl_program PRIVATE include src "${PAWL_LIBDW_INCLUDE}")
pawl_precompile(pawl_program "${CMAKE_CURRENT_SOURCE_DIR}/src/engine/runtime.hpp" <fmt/format.h>)
target_link_libraries(pawl_program PRIVATE
  Boost::context tl::expected fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11 Zydis::Zydis
  "${PAWL_LIBDW}")
# What the checker calls is its own, whatever functions the program has.
target_link_options(pawl_program PRIVATE -Wl,-Bsymbolic-functions)
