// Assumptions by abort(), those that no execution satisfies, and threads and choices without end.
// expect --abort-discards: PASS complete=1 blocked=1
// expect --abort-discards --nondet=0..0 --no-vacuity: PASS complete=0 blocked=1
// expect --unroll=3 --nondet=0..2 chooses: PASS complete=15 blocked=0
// expect --threads=2 endless: PASS complete=2 blocked=0
// expect --threads=31 idle: PASS complete=1 blocked=0
// expect --threads=2 --no-leaks each: PASS complete=6 blocked=0
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

extern int __VERIFIER_nondet_int(void);
void reach_error() {}

static atomic_int started;

static void* count(void* unused) {
  atomic_fetch_add_explicit(&started, 1, memory_order_relaxed);
  return unused;
}

static void* idle(void* unused) { return unused; }

// The bound is that of each thread, whatever others have started.
static void* start(void* unused) {
  pthread_t t;
  pthread_create(&t, NULL, count, NULL);
  return unused;
}

int main(int arguments, char** argument) {
  pthread_t t;
  if (arguments > 1 && argument[1][1] == 'n')
    for (;;) pthread_create(&t, NULL, count, NULL);
  if (arguments > 1 && argument[1][0] == 'i')
    for (;;) pthread_create(&t, NULL, idle, NULL);
  if (arguments > 1 && argument[1][0] == 'c') {
    while (__VERIFIER_nondet_int() != 0) continue;
    return 0;
  }
  if (arguments > 1) {
    pthread_create(&t, NULL, start, NULL);
    pthread_create(&t, NULL, start, NULL);
    return count(NULL) != NULL;
  }
  const int n = __VERIFIER_nondet_int();
  if (!(n > 0)) abort();
  if (n == 0) reach_error();
  return 0;
}
