// Loops whose only operations are atomic sections end at the bound of --unroll, too.
// expect --unroll=3: PASS complete=20 blocked=0
// expect --unroll=3 -DNAMED: PASS complete=20 blocked=0
#include <pawl/verify.h>
#include <pthread.h>

static int steps;

#ifdef NAMED

static int __VERIFIER_atomic_step(void) { return ++steps; }

#else

static int __VERIFIER_atomic_step(void);
#define __VERIFIER_atomic_step step
static int step(void) {
  __VERIFIER_atomic_begin();
  const int now = ++steps;
  __VERIFIER_atomic_end();
  return now;
}

#endif

static void* run(void* argument) {
  while (__VERIFIER_atomic_step() > 0);
  return argument;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  run(NULL);
  return 0;
}
