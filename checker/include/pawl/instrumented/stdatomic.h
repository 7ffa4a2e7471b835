/* Before the compiler's header of this name: those of other compilers bring the integers of
 * <stdint.h>, and programs rely on that. */
#ifndef PAWL_INSTRUMENTED_STDATOMIC_H
#define PAWL_INSTRUMENTED_STDATOMIC_H

#pragma GCC system_header

#include_next <stdatomic.h>
#include <stdint.h>

#endif
