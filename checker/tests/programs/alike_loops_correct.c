// Two loops, one in the other, whose iterations end alike: each is bounded by itself, so that what is
// bounded by hand has the same executions.
// expect --memory-model=sc --unroll=2: PASS complete=271
// expect -DBY_HAND --memory-model=sc: PASS complete=271
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int mine, theirs, entered;

static void* polite(void* unused) {
#ifdef BY_HAND
  for (int outer = 0; outer < 2; ++outer) {
    atomic_store(&mine, 1);
    for (int inner = 0; atomic_load(&theirs);) {
      atomic_store(&mine, 0);
      atomic_store(&mine, 1);
      if (++inner == 2) return unused;
    }
#else
  for (;;) {
    atomic_store(&mine, 1);
    while (atomic_load(&theirs)) {
      atomic_store(&mine, 0);
      atomic_store(&mine, 1);
    }
#endif
    atomic_store(&entered, 1);
    atomic_store(&mine, 0);
  }
  return unused;
}

static void* other(void* unused) {
  for (int i = 0; i < 2; ++i) {
    atomic_store(&theirs, 1);
    if (atomic_load(&mine) == 0) atomic_store(&entered, 2);
    atomic_store(&theirs, 0);
  }
  return unused;
}

int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], NULL, polite, NULL);
  pthread_create(&t[1], NULL, other, NULL);
  return 0;
}
