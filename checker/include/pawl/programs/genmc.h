/* What programs written for GenMC include: its names, as far as they mean something here. Its hints
 * how to explore less are taken as what they mark. */
#ifndef PAWL_PROGRAMS_GENMC_H
#define PAWL_PROGRAMS_GENMC_H

#include <pawl/verify.h>
#include <stddef.h>

#define __VERIFIER_local_write(statement) \
  do {                                    \
    statement;                            \
  } while (0)
#define __VERIFIER_final_write(statement) __VERIFIER_local_write(statement)
#define __VERIFIER_helped_CAS(operation) __VERIFIER_local_write(operation)
#define __VERIFIER_helping_CAS(operation) __VERIFIER_local_write(operation)
#define __VERIFIER_speculative_read(operation) (operation)
#define __VERIFIER_confirming_read(operation) (operation)
#define __VERIFIER_confirming_CAS(operation) (operation)
#define __VERIFIER_final_CAS(operation) (operation)
/* What need not be done. */
#define __VERIFIER_optional(statement) \
  do {                                 \
  } while (0)

#endif
