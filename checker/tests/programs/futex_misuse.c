// A lock whose holder does not know that somebody waits; waking before what is waited for; a call
// that is not modelled; a word that is none.
// expect -DFORGETS: FAIL deadlock
// expect -DEARLY: FAIL deadlock
// expect -DREQUEUE: FAIL limit: main makes futex call 3, which is not modelled
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

atomic_int state;

static long futex(int op, int value) {
  return syscall(SYS_futex, &state, op | FUTEX_PRIVATE_FLAG, value, NULL, &state, 0);
}

#ifdef EARLY
static void* work(void* unused) {
  futex(FUTEX_WAKE, 1);
  atomic_store(&state, 1);
  return unused;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  while (atomic_load(&state) == 0) futex(FUTEX_WAIT, 0);
  pthread_join(worker, NULL);
  return 0;
}
#else
static void* work(void* unused) {
  while (atomic_exchange(&state, 1) != 0) futex(FUTEX_WAIT, 1);
  atomic_store(&state, 0);
  return unused;
}

int main(void) {
#ifdef REQUEUE
  futex(FUTEX_REQUEUE, 1);
#endif
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
#endif
