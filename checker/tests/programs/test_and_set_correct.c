// An update that leaves the value as it was is what a load is: loops that wait by one spin.
// expect: PASS complete=6
// expect --memory-model=sc: PASS complete=6
// expect -DLOADS_FIRST: PASS complete=4
// expect -DBITS: PASS complete=6
// expect -DHANDS_OVER: PASS complete=2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_flag busy = ATOMIC_FLAG_INIT;
static atomic_int word;
static int x;

#if defined(LOADS_FIRST)
// Who comes second has found it free before the first one came, or after that has let go.
enum { threads = 2 };
static void lock(void) {
  for (;;) {
    while (atomic_load_explicit(&word, memory_order_relaxed) != 0) {
    }
    if (atomic_exchange_explicit(&word, 1, memory_order_acquire) == 0) return;
  }
}
static void unlock(void) { atomic_store_explicit(&word, 0, memory_order_release); }
#elif defined(BITS)
enum { threads = 3 };
static void lock(void) {
  while (atomic_fetch_or(&word, 4) & 4) {
  }
}
static void unlock(void) { atomic_fetch_and(&word, ~4); }
#else
enum { threads = 3 };
static void lock(void) {
  while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
  }
}
static void unlock(void) { atomic_flag_clear_explicit(&busy, memory_order_release); }
#endif

static void* body(void* unused) {
  lock();
  ++x;
  unlock();
  return unused;
}

#if defined(HANDS_OVER)
static void* give(void* unused) {
  atomic_store(&word, 2);
  return unused;
}

// The first attempt may change the value, those after it do not.
int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, give, NULL);
  while (atomic_exchange(&word, 1) != 2) {
  }
  pthread_join(t, NULL);
  (void)body;
  return 0;
}
#else
int main(void) {
  pthread_t t[threads];
  for (int i = 0; i < threads; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < threads; ++i) pthread_join(t[i], NULL);
  assert(x == threads);
  return 0;
}
#endif
