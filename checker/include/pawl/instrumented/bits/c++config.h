// Before libstdc++'s header of this name: members of std::string are not taken from the library,
// where they have no hooks, but compiled with the program, as they are anyway since C++20.
#include_next <bits/c++config.h>

#ifndef PAWL_INSTRUMENTED_CONFIG
#define PAWL_INSTRUMENTED_CONFIG 1

#pragma GCC system_header

#undef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE -1

#endif
