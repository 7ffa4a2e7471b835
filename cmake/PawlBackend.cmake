# pawl_set_backend(<target> <native|model|relacy>)
#
# Says which backend the target's code was compiled for. A program may hold user code for one
# backend only (the same user type compiled twice would merge silently), so the name is a compatible
# interface: linking targets of two backends into one program is an error when CMake generates.
function(pawl_set_backend target backend)
  if(NOT backend MATCHES "^(native|model|relacy)$")
    message(FATAL_ERROR "pawl_set_backend: no backend '${backend}' (native, model or relacy)")
  endif()
  set_target_properties(${target} PROPERTIES
    PAWL_BACKEND ${backend}
    INTERFACE_PAWL_BACKEND ${backend})
  set_property(TARGET ${target} APPEND PROPERTY COMPATIBLE_INTERFACE_STRING PAWL_BACKEND)
  if(NOT backend STREQUAL "native")
    string(TOUPPER ${backend} macro)
    target_compile_definitions(${target} PUBLIC PAWL_BACKEND_${macro})
  endif()
endfunction()
