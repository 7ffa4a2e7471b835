// Loops that poll until they are told to end: one thread sees a poll, another one that it has ended.
// expect: FAIL assertion: seen
// expect --memory-model=sc: FAIL assertion: seen
// expect -DADDS: FAIL assertion: seen
// expect --memory-model=sc -DADDS: FAIL assertion: seen
// expect -DEACH_OTHER: FAIL assertion: seen
// expect -DRACES: FAIL data_race: data
// expect -DTWICE: FAIL assertion: seen
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define RELAXED memory_order_relaxed

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static atomic_int x, y, stop, ended;
static int saw_poll, saw_end, data;

static void poll_until_stopped(atomic_int* at) {
  while (!atomic_load_explicit(&stop, RELAXED)) {
#if defined(ADDS) || defined(EACH_OTHER) || defined(TWICE)
    atomic_fetch_add_explicit(at, 1, RELAXED);
    atomic_fetch_sub_explicit(at, 1, RELAXED);
#else
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
#endif
  }
}

static int looks_busy(void) {
#if defined(ADDS) || defined(EACH_OTHER)
  return atomic_load_explicit(&x, RELAXED) == 1;
#elif defined(TWICE)  // In two iterations: the value was 0 in between.
  return atomic_load_explicit(&x, RELAXED) == 1 && atomic_load_explicit(&x, RELAXED) == 0 &&
         atomic_load_explicit(&x, RELAXED) == 1;
#else
  if (pthread_mutex_trylock(&m) != 0) return 1;
  pthread_mutex_unlock(&m);
  return 0;
#endif
}

static void* poll(void* unused) {
  poll_until_stopped(&x);
#if defined(EACH_OTHER)
  saw_end = atomic_load_explicit(&y, RELAXED);
#else
  atomic_store_explicit(&ended, 1, RELAXED);
#endif
  return unused;
}

static void* look(void* unused) {
#if defined(EACH_OTHER)
  poll_until_stopped(&y);
#endif
  saw_poll = looks_busy();
#if defined(RACES)
  if (saw_poll) data = 1;
#endif
  return unused;
}

static void* watch(void* unused) {
#if !defined(EACH_OTHER)
  saw_end = atomic_load_explicit(&ended, RELAXED);
#endif
#if defined(RACES)
  if (saw_end) data = 2;
#endif
  return unused;
}

static void* end(void* unused) {
  atomic_store_explicit(&stop, 1, RELAXED);
  return unused;
}

int main(void) {
  void* (*const all[])(void*) = {poll, watch, look, end};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], 0, all[i], 0);
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], 0);
#if !defined(RACES)
  const int seen = saw_end && saw_poll;
  assert(!seen);
#endif
  return 0;
}
