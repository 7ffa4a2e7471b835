// Loops that spin and read plain data, which others change before or after.
// expect: PASS complete=2 blocked=1
// expect --memory-model=sc: PASS complete=2 blocked=1
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, y;
static int plain;

static void* end_loop(void* unused) {
  atomic_store(&x, 1);
  return unused;
}

static void* react(void* unused) {
  if (atomic_load_explicit(&y, memory_order_acquire) == 1) plain = 1;
  return unused;
}

static void __attribute__((noinline)) change(void) {
  while (atomic_load(&x) == 0)
    if (plain == 7) return;
  atomic_store_explicit(&y, 1, memory_order_release);
}

int main(void) {
  pthread_t threads[2];
  plain = 2;
  pthread_create(&threads[0], 0, end_loop, 0);
  pthread_create(&threads[1], 0, react, 0);
  change();
  pthread_join(threads[0], 0);
  pthread_join(threads[1], 0);
  return 0;
}
