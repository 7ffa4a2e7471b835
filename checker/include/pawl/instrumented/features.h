/* Before the C library's header of this name, which all of its others begin with: functions that
 * check sizes are not those that are seen to access memory. */
#ifndef PAWL_INSTRUMENTED_FEATURES_H
#define PAWL_INSTRUMENTED_FEATURES_H

#pragma GCC system_header

#undef _FORTIFY_SOURCE
#include_next <features.h>

#endif
