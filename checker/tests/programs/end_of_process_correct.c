// exit() ends the process: what comes after a wait for the thread that calls it does not happen.
// expect: PASS complete=1 blocked=0
// expect -DWITH_OTHERS: PASS
// expect -DSOONER: FAIL assertion: done == 0
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int done;

static void* leave(void* unused) {
  (void)unused;
  exit(0);
}

static void* work(void* unused) {
  (void)unused;
  atomic_store(&done, 1);
  return NULL;
}

int main(void) {
  pthread_t a, b;
#if defined WITH_OTHERS || defined SOONER
  pthread_create(&b, NULL, work, NULL);
#endif
  pthread_create(&a, NULL, leave, NULL);
#ifdef SOONER
  assert(done == 0);  // May be seen before the process ends.
#endif
  pthread_join(a, NULL);
  assert(!"reached");
  (void)b;
}
