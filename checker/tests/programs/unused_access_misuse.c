// Accesses whose results nobody uses: the compiler leaves them in, so they are convicted.
// expect -DREAD: FAIL data_race: thread 1 reads data
// expect -DWRITE: FAIL data_race: thread 1 writes data
// expect -DFREED: FAIL use_after_free: main writes memory
// expect -DNOWHERE: FAIL crash: main ended with a segmentation fault at address 0x0
// expect -DWILD: FAIL crash: main ended with a segmentation fault at address 0xdeadbeef
// expect: PASS complete=2 blocked=0
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

int data;
atomic_int flag;

static void* follow(void* unused) {
  int seen;
#if defined(READ)
  if (atomic_load_explicit(&flag, memory_order_relaxed) != 0) seen = data;
#elif defined(WRITE)
  if (atomic_load_explicit(&flag, memory_order_relaxed) != 0) data = 2;
#else
  if (atomic_load_explicit(&flag, memory_order_acquire) != 0) seen = data;
#endif
  return unused;
}

int main(void) {
#if defined(FREED)
  int* const p = malloc(2 * sizeof *p);
  p[0] = p[1] = 1;
  free(p);
  p[1] = 2;
#elif defined(NOWHERE)
  static atomic_int* _Atomic nowhere;
  atomic_store(nowhere, 1);
#elif defined(WILD)
  int expected = 0;
  atomic_compare_exchange_strong((atomic_int*)0xdeadbeef, &expected, 1);
#endif
  pthread_t t;
  pthread_create(&t, NULL, follow, NULL);
  data = 1;
  atomic_store_explicit(&flag, 1, memory_order_release);
  pthread_join(t, NULL);
}
