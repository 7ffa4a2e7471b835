# pawl_precompile(<target> <header>...)
#
# What many sources of a target include is read once: it is about half of the time that most of them
# take. Configure with -DPAWL_PRECOMPILE=OFF to see whether a source lacks an #include.
include_guard()
option(PAWL_PRECOMPILE "Precompile headers that many sources include" ${PROJECT_IS_TOP_LEVEL})

function(pawl_precompile target)
  if(NOT PAWL_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <chrono> <coroutine> <cstdint> <functional> <map> <memory> <optional>
    <stdexcept> <string> <string_view> <utility> <vector> ${ARGN})
  # Else ccache compiles anew each time.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
