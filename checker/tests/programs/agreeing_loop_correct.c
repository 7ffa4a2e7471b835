// A loop that reads until two reads agree: iterations that fail are cut, though each has read
// something else.
// expect: PASS complete=9
// expect --memory-model=sc: PASS complete=9
#include <pthread.h>
#include <stdatomic.h>

static atomic_int value;

static void* write(void* unused) {
  for (int i = 1; i <= 8; ++i) atomic_store_explicit(&value, i, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_t t;
  int first = 0, second = 0;
  pthread_create(&t, NULL, write, NULL);
  do {
    first = atomic_load_explicit(&value, memory_order_relaxed);
    second = atomic_load_explicit(&value, memory_order_relaxed);
  } while (first != second);
  return 0;
}
