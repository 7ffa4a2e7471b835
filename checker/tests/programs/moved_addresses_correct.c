// Two loops whose variables share a slot: gcc moves its address from one register to another where
// many are needed. Failed iterations are not counted for all that.
// expect: PASS complete=6
// expect -DMUST: PASS complete=6
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <pawl/verify.h>

#ifdef MUST
#define AGAIN pawl_assume(false)
#else
#define AGAIN continue
#endif

static _Atomic(short) narrow;
static atomic_int wide, closed[2];
static long out;

static int get(atomic_int* from) { return atomic_load_explicit(from, memory_order_relaxed); }

static void* take_both(void* unused) {
  int seen = atomic_exchange(&wide, 2);
  {
    const int before = get(&closed[0]);
    short taken;
    for (;;) {
      taken = atomic_load(&narrow);
      const int version = atomic_load(&wide);
      if (atomic_load(&wide) != version) AGAIN;
      if (taken == 2 && atomic_compare_exchange_strong(&narrow, &taken, 3)) break;
      AGAIN;
    }
    seen += before + taken;
  }
  const int a = get(&closed[0]), b = get(&wide),
            c = atomic_load_explicit(&narrow, memory_order_acquire), d = get(&wide), e = get(&wide);
  for (;;) {
    const int last = atomic_load(&wide);
    if (get(&closed[last & 1]) > 1) AGAIN;
    if (get(&wide) != last) AGAIN;
    int expected = last;
    if (atomic_compare_exchange_strong(&wide, &expected, 1)) break;
    AGAIN;
  }
  out = seen + a + 2 * b + 4 * c + 8 * d + 16 * e;
  return unused;
}

static void* give_both(void* unused) {
  atomic_exchange(&wide, 3);
  atomic_store_explicit(&narrow, 2, memory_order_relaxed);
  return unused;
}

static void* (*const performs[])(void*) = {take_both, give_both};

int main(void) {
  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, performs[i], NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  return 0;
}
