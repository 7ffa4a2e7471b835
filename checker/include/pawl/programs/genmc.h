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

/* Hazard pointers, as far as it takes to run: what is retired is never freed, and is no leak. Who
 * uses it without protection is not convicted. */
typedef struct {
  void* unused;
} __VERIFIER_hp_t;
#define __VERIFIER_hp_alloc() ((__VERIFIER_hp_t*)0)
#define __VERIFIER_hp_protect(hazard, place) \
  ((void)(hazard), __atomic_load_n((void**)(place), __ATOMIC_ACQUIRE))
#define __VERIFIER_hp_clear(hazard) ((void)(hazard))
#define __VERIFIER_hp_free(hazard) ((void)(hazard))
#ifdef __cplusplus
extern "C"
#endif
    void
    __VERIFIER_hp_retire(void* block);

#endif
