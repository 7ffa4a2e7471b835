/* What a program may tell the checker (docs/programs.md): for C and C++ programs that `pawl check`,
 * pawl-cc, pawl-c++ or pawl_instrument() compile; these define __PAWL__.
 *
 * Below stand the same things under the names that verification benchmarks use. */
#ifndef PAWL_VERIFY_H
#define PAWL_VERIFY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define PAWL_VERIFY_NORETURN [[noreturn]]
#else
#define PAWL_VERIFY_NORETURN _Noreturn
#endif

/* Effects: if `condition` is zero, ends this execution silently; it counts as blocked. An
 *   exploration in which none is left is a bug, since it checks nothing. */
void pawl_assume(int condition);

/* Effects: ends the exploration with a bug, told by `what`. */
PAWL_VERIFY_NORETURN void pawl_fail(const char* what);

/* Returns: each of 0 ... n-1, one per execution. Errors: n = 0 is convicted. */
uint32_t pawl_choose(uint32_t n);

/* Returns: each number that --nondet allows, one per execution: 0 and 1, if it is not given. */
int64_t pawl_unknown(void);

/* Names the object at this address, or the calling thread, in reports. The text is copied. */
void pawl_name(const void* object, const char* text);
void pawl_name_thread(const char* text);

/* A section that excludes all other such sections, as if all took one mutex. Operations outside of
 * sections may come between. Errors: a section inside another, or the end of none, is convicted. */
void pawl_atomic_begin(void);
void pawl_atomic_end(void);

/* As pthread_create(), for a thread that does the same as `twin`: of executions that differ only in
 * which of them does what, one is explored. Nothing may tell them apart but the order of what they
 * do. They count as identical if `twin` is the thread that the caller started just before, and has
 * done nothing since; else this is pthread_create(). `argument` must not differ. */
int pawl_spawn_symmetric(pthread_t* out, void* (*body)(void*), void* argument, pthread_t twin);

/* Effects: waits until `condition` holds. It is evaluated again when what it reads has changed, and
 *   must change nothing: atomic loads only. A wait that nothing can end is a deadlock. */
#define pawl_await(condition) \
  do {                        \
  } while (!(condition))

/* ---- names of benchmarks --------------------------------------------------------------------- */

typedef pthread_t __VERIFIER_thread_t;

void __VERIFIER_assume(int condition);
PAWL_VERIFY_NORETURN void __VERIFIER_error(void);
void __VERIFIER_assert(int condition);

/* What pawl_unknown() returns, converted; unsigned ones without the numbers below zero. A bool is 0
 * or 1. */
char __VERIFIER_nondet_char(void);
short __VERIFIER_nondet_short(void);
int __VERIFIER_nondet_int(void);
long __VERIFIER_nondet_long(void);
unsigned char __VERIFIER_nondet_uchar(void);
unsigned short __VERIFIER_nondet_ushort(void);
unsigned int __VERIFIER_nondet_uint(void);
unsigned int __VERIFIER_nondet_unsigned(void);
unsigned long __VERIFIER_nondet_ulong(void);
long long __VERIFIER_nondet_longlong(void);
unsigned long long __VERIFIER_nondet_ulonglong(void);
size_t __VERIFIER_nondet_size_t(void);
uint8_t __VERIFIER_nondet_u8(void);
uint16_t __VERIFIER_nondet_u16(void);
uint32_t __VERIFIER_nondet_u32(void);
float __VERIFIER_nondet_float(void);
double __VERIFIER_nondet_double(void);
#ifdef __cplusplus
bool __VERIFIER_nondet_bool(void);
#else
_Bool __VERIFIER_nondet_bool(void);
#endif

void __VERIFIER_atomic_begin(void);
void __VERIFIER_atomic_end(void);

/* Their values: the thread that was started; what it returned. */
#define __VERIFIER_spawn(body, argument)              \
  __extension__({                                     \
    pthread_t pawl_started;                           \
    pthread_create(&pawl_started, 0, body, argument); \
    pawl_started;                                     \
  })
#define __VERIFIER_spawn_symmetric(body, argument, twin)       \
  __extension__({                                              \
    pthread_t pawl_started;                                    \
    pawl_spawn_symmetric(&pawl_started, body, argument, twin); \
    pawl_started;                                              \
  })
#define __VERIFIER_join(thread)           \
  __extension__({                         \
    void* pawl_returned;                  \
    pthread_join(thread, &pawl_returned); \
    pawl_returned;                        \
  })
#define __VERIFIER_join_symmetric(thread) ((void)pthread_join(thread, 0))

/* Around a loop and an iteration that waits. Effects of spin_end(0): as assume(0), since what the
 * iteration reads may as well be read when it holds. */
void __VERIFIER_loop_begin(void);
void __VERIFIER_spin_start(void);
void __VERIFIER_spin_end(int condition);

#ifdef __cplusplus
}
#endif
#undef PAWL_VERIFY_NORETURN

#endif
