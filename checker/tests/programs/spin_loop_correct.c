// A loop that spins is cut after one failed iteration, whatever plain data others write meanwhile.
// expect: PASS complete=6
// expect -DTEST_FIRST: PASS complete=36
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

enum { threads = 3 };

static atomic_int held;
static long holder;

#ifdef TEST_FIRST
// Loads until it is free, and takes what it then finds: that may be another's, and stays so.
static void lock(void) {
  do {
    while (atomic_load_explicit(&held, memory_order_acquire) != 0) {
    }
  } while (atomic_exchange_explicit(&held, 1, memory_order_acquire) != 0);
}
#else
static void lock(void) {
  int free;
  do {
    free = 0;
  } while (!atomic_compare_exchange_strong(&held, &free, 1));
}
#endif

static void* take(void* me) {
  lock();
  holder = (long)me;
  assert(holder == (long)me);
  atomic_store_explicit(&held, 0, memory_order_release);
  return NULL;
}

int main(void) {
  pthread_t started[threads];
  for (long i = 0; i < threads; ++i) pthread_create(&started[i], NULL, take, (void*)i);
  return 0;
}
