// A loop that reads until two reads agree, and gives up after a while, does not spin.
// expect: FAIL assertion: !"gives up"
// expect -DSUMS: FAIL assertion: sum != 20
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int value;

static void* write(void* unused) {
  for (int i = 1; i <= 8; ++i) atomic_store_explicit(&value, i, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_t t;
  int first = 0, second = 0, times = 0, sum = 0;
  pthread_create(&t, NULL, write, NULL);
  do {
    first = atomic_load_explicit(&value, memory_order_relaxed);
    second = atomic_load_explicit(&value, memory_order_relaxed);
#ifdef SUMS
    if (first < second) sum += second;
    assert(sum != 20);  // 2 + 4 + 6 + 8
#else
    if (++times == 5) assert(!"gives up");
#endif
  } while (first != second);
  return 0;
}
