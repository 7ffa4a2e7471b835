/* Before the compiler's header of this name: those of other compilers bring <stddef.h> and the
 * integers of <stdint.h>, and programs rely on that. */
#ifndef PAWL_INSTRUMENTED_STDATOMIC_H
#define PAWL_INSTRUMENTED_STDATOMIC_H

#pragma GCC system_header

#include_next <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#endif
