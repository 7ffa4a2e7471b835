// Names of verification that a program declares itself.
// expect: PASS complete=2
// expect -DTWINS: PASS complete=1
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

extern pthread_t __VERIFIER_spawn(void* (*)(void*), void*);
extern pthread_t __VERIFIER_spawn_symmetric(void* (*)(void*), void*, pthread_t);
extern void* __VERIFIER_join(pthread_t);
extern void __VERIFIER_join_symmetric(pthread_t);

static atomic_int count;

static void* add(void* argument) {
  atomic_fetch_add(&count, 1);
  return argument;
}

int main(void) {
  const pthread_t a = __VERIFIER_spawn(add, &count);
#ifdef TWINS
  const pthread_t b = __VERIFIER_spawn_symmetric(add, &count, a);
#else
  const pthread_t b = __VERIFIER_spawn(add, &count);
#endif
  assert(__VERIFIER_join(a) == &count);
  __VERIFIER_join_symmetric(b);
  assert(count == 2);
}
