// Loops that spin and read plain data, which others change only once the loop has ended.
// expect: FAIL data_race: plain
// expect -DSEES_TWO: FAIL data_race: plain
// expect -DON_STACK: FAIL data_race
// expect -DFREES: FAIL data_race
// expect -DTRIES: FAIL data_race: plain
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define RELAXED memory_order_relaxed

static atomic_int x, y;
static int plain, *data = &plain;

static void* end_loop(void* unused) {
  atomic_store_explicit(&x, 1, RELAXED);
#if defined(SEES_TWO)
  atomic_store_explicit(&x, 2, RELAXED);
#endif
  return unused;
}

static void* react(void* unused) {
  if (atomic_load_explicit(&y, RELAXED) == 1) {
#if defined(FREES)
    free(data);
#else
    *data = 1;
#endif
  }
  return unused;
}

static int is_over(void) {
#if defined(TRIES)
  int expected = 1;
  return atomic_compare_exchange_strong_explicit(&x, &expected, 2, RELAXED, RELAXED);
#elif defined(SEES_TWO)
  return atomic_load_explicit(&x, RELAXED) == 2;
#else
  return atomic_load_explicit(&x, RELAXED) == 1;
#endif
}

static void __attribute__((noinline)) change(const int* looks_at) {
  while (!is_over())
    if (*looks_at == 7) return;
  atomic_store_explicit(&y, 1, RELAXED);
}

int main(void) {
#if defined(ON_STACK)
  int local = 0;
  data = &local;
#elif defined(FREES)
  data = calloc(1, sizeof *data);
#endif
  pthread_t threads[2];
  pthread_create(&threads[0], 0, end_loop, 0);
  pthread_create(&threads[1], 0, react, 0);
  change(data);
  pthread_join(threads[0], 0);
  pthread_join(threads[1], 0);
  return 0;
}
