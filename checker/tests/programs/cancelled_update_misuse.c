// Loops that take away again what they have added, for ever or not unseen.
// expect: FAIL deadlock: spins
// expect --no-deadlocks -DBEHIND=load: FAIL assertion: !"is seen"
// expect --no-deadlocks -DBEHIND=add: FAIL assertion: !"is seen"
// expect --no-deadlocks -DBEHIND=replace: FAIL assertion: !"is seen"
// expect --no-deadlocks -DBEHIND=set: FAIL assertion: !"is seen"
// expect --no-deadlocks --memory-model=sc -DBEHIND=load: FAIL assertion: !"is seen"
// expect --no-deadlocks --memory-model=sc -DBEHIND=add: FAIL assertion: !"is seen"
// expect -DCOUNTS: FAIL assertion: !"gives up"
// expect -DDIFFERS: FAIL limit: --unroll N
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, told;

// What sees the value that is taken away again tells the loop, which ends only then.
static int load(void) { return atomic_load_explicit(&x, memory_order_relaxed) == 1; }
static int add(void) { return atomic_fetch_add(&x, 10) == 1; }
static int replace(void) {
  int expected = 1;
  return atomic_compare_exchange_strong(&x, &expected, 11);
}
static int set(void) {
  atomic_store(&x, 5);
  return atomic_load(&x) == 4;
}

static void* loop(void* unused) {
#if defined(COUNTS)
  int times = 0;
#endif
  while (!atomic_load_explicit(&told, memory_order_relaxed)) {
    (void)(atomic_fetch_add(&x, 1) == 7);
#if defined(DIFFERS)
    atomic_fetch_sub(&x, 2);
#else
    atomic_fetch_sub(&x, 1);
#endif
#if defined(COUNTS)
    if (++times == 3) assert(!"gives up");
#endif
  }
  assert(!"is seen");
  return unused;
}

static void* look(void* unused) {
  int (*const all[])(void) = {load, add, replace, set};
  (void)all;
#if defined(BEHIND)
  if (BEHIND()) atomic_store_explicit(&told, 1, memory_order_relaxed);
#endif
  return unused;
}

int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], NULL, loop, NULL);
  pthread_create(&t[1], NULL, look, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  return 0;
}
