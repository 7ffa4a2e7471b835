// Loops that end at a bound, with words that say what to do.
// expect: FAIL limit: waits for plain data
// expect -DCOUNTS: FAIL limit: --unroll
#include <pthread.h>
#include <stdatomic.h>

static volatile int flag;
static atomic_int count, stop;

static void* set(void* unused) {
  (void)unused;
  flag = 1;
  return NULL;
}

int main(void) {
#ifdef COUNTS
  while (atomic_load(&stop) == 0) atomic_fetch_add(&count, 1);
#else
  pthread_t t;
  pthread_create(&t, NULL, set, NULL);
  while (flag == 0) {
  }
#endif
  return 0;
}
