// Loops that end at a bound, with words that say what to do.
// expect: FAIL limit: waits for plain data
// expect -DCOUNTS: FAIL limit: --unroll
// Threads that spin within loops without an end are convicted, however few iterations are allowed.
// expect -DENTERS=1000 --unroll=1: FAIL deadlock: spins
// expect -DENTERS=1000 --unroll=3: FAIL deadlock: spins
// expect -DENTERS=1 -DASKS --unroll=1: PASS complete=4
// expect -DENTERS=1 -DASKS: PASS complete=4
#include <pthread.h>
#include <stdatomic.h>

static volatile int flag;
static atomic_int count, stop;

static void* set(void* unused) {
  (void)unused;
  flag = 1;
  return NULL;
}

#ifdef ENTERS
static atomic_int wants[2];

static void* enter(void* as) {
  const intptr_t me = (intptr_t)as;  // Which <stdatomic.h> brings.
  for (int i = 0; i < ENTERS; ++i) {
    atomic_store(&wants[me], 1);
#ifdef ASKS
    if (me == 1) atomic_store(&wants[me], 0);
#endif
    while (atomic_load(&wants[1 - me]) != 0) {
    }
    atomic_store(&wants[me], 0);
  }
  return NULL;
}
#endif

int main(void) {
#if defined(COUNTS)
  while (atomic_load(&stop) == 0) atomic_fetch_add(&count, 1);
#elif defined(ENTERS)
  pthread_t t[2];
  for (intptr_t i = 0; i < 2; ++i) pthread_create(&t[i], NULL, enter, (void*)i);
  for (long i = 0; i < 2; ++i) pthread_join(t[i], NULL);
#else
  pthread_t t;
  pthread_create(&t, NULL, set, NULL);
  while (flag == 0) {
  }
#endif
  return 0;
}
