# pawl_instrument(<target>)
#
# Makes a program one that runs under the checker (docs/programs.md): its sources are compiled with
# hooks and it is linked with pawl::program. For executables, and for static and object libraries
# that go into them. The program is run as `<target> <its arguments> --pawl <OPTIONS>`.
#
# The flags, here and for `pawl check`, pawl-cc and pawl-c++: published counts hold for them.
include_guard()

# Functions that access the program's memory, which the linker replaces by those of pawl. The first
# ones gcc would make code of that has no hooks.
set(PAWL_INSTRUMENT_INLINED
  memcpy memmove mempcpy memset memcmp bcopy bzero bcmp strcpy stpcpy strncpy stpncpy strcat strncat
  strcmp strncmp sprintf snprintf)
set(PAWL_INSTRUMENT_WRAPPED
  ${PAWL_INSTRUMENT_INLINED} explicit_bzero memchr memrchr memmem strlen strnlen strcasecmp
  strncasecmp strchr strchrnul strrchr strstr strspn strcspn strpbrk strdup strndup wcslen wmemcpy
  wmemmove wmemset qsort qsort_r strtol strtoul strtoll strtoull strtof strtod strtold atoi atol
  atoll atof vsprintf vsnprintf asprintf vasprintf printf vprintf fprintf vfprintf dprintf vdprintf
  puts fputs fwrite fread fgets getline getdelim)
list(TRANSFORM PAWL_INSTRUMENT_INLINED PREPEND "-fno-builtin-")
list(TRANSFORM PAWL_INSTRUMENT_WRAPPED PREPEND ",--wrap=")
string(JOIN "" PAWL_INSTRUMENT_WRAPPED ${PAWL_INSTRUMENT_WRAPPED})

set(PAWL_INSTRUMENT_COMPILE
  -O2 -g -fno-unroll-loops -fno-optimize-sibling-calls -fno-omit-frame-pointer -fsanitize=thread
  -U_FORTIFY_SOURCE -D__PAWL__=1)
set(PAWL_INSTRUMENT_COMPILE_GNU
  ${PAWL_INSTRUMENT_COMPILE} ${PAWL_INSTRUMENT_INLINED} -fno-peel-loops -fno-tree-vectorize
  # What is read or written in vain races all the same; what the program does not read does not.
  -fno-tree-dce -fno-tree-dse -fno-ipa-reference-addressable -fno-tree-loop-im
  # A result is used in the function that has called, or is not (engine/in_vain.hpp).
  -fno-ipa-ra
  # Loops whose ends are alike stay apart: --unroll counts the iterations of each.
  -fno-crossjumping -fno-tree-tail-merge
  # A function that is an atomic section by its name stays apart from others with the same code.
  -fno-ipa-icf
  -Wno-tsan --param=tsan-distinguish-volatile=1 --param=tsan-instrument-func-entry-exit=0)
set(PAWL_INSTRUMENT_COMPILE_CLANG
  ${PAWL_INSTRUMENT_COMPILE} -gdwarf-aranges -fno-vectorize -fno-slp-vectorize
  -mllvm -unroll-allow-peeling=0 -mllvm -tsan-instrument-read-before-write=1
  -mllvm -tsan-distinguish-volatile=1 -mllvm -tsan-instrument-func-entry-exit=0)
# With --races explore: no access of the source is merged with another one, or moved out of a loop.
set(PAWL_INSTRUMENT_EACH_ACCESS_GNU
  -fno-tree-fre -fno-tree-pre -fno-gcse -fno-tree-loop-im -fno-tree-dominator-opts
  -fno-store-merging -fno-tree-sink -fno-ssa-phiopt -fno-tree-phiprop -fno-code-hoisting
  -fno-tree-loop-distribute-patterns -fno-ipa-pure-const -fno-ipa-reference -fno-tree-cselim
  -fno-tree-scev-cprop -fno-ivopts)
set(PAWL_INSTRUMENT_EACH_ACCESS_CLANG -O0)
# Folders of headers below the include directory: those searched first, and those searched last.
set(PAWL_INSTRUMENT_HEADERS_FIRST pawl/instrumented)
set(PAWL_INSTRUMENT_HEADERS_LAST . pawl/programs)
set(PAWL_INSTRUMENT_LINK -no-pie -Wl,-z,now "-Wl${PAWL_INSTRUMENT_WRAPPED}")

function(pawl_instrument target)
  if(NOT TARGET pawl::program)
    message(FATAL_ERROR "pawl_instrument(${target}): pawl was built without libdw")
  endif()
  get_target_property(include pawl::program PAWL_PROGRAM_INCLUDE)
  foreach(language IN ITEMS C CXX)
    set(flags ${PAWL_INSTRUMENT_COMPILE_GNU})
    if("${CMAKE_${language}_COMPILER_ID}" MATCHES "Clang")
      set(flags ${PAWL_INSTRUMENT_COMPILE_CLANG})
    endif()
    foreach(folder IN LISTS PAWL_INSTRUMENT_HEADERS_FIRST)
      list(APPEND flags -isystem "${include}/${folder}")
    endforeach()
    foreach(folder IN LISTS PAWL_INSTRUMENT_HEADERS_LAST)
      list(APPEND flags -idirafter "${include}/${folder}")
    endforeach()
    string(JOIN " " words ${flags})  # In one: equal options stay.
    target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:${language}>:SHELL:${words}>")
  endforeach()
  target_link_options(${target} PUBLIC ${PAWL_INSTRUMENT_LINK})
  target_link_libraries(${target} PUBLIC pawl::program)
endfunction()
