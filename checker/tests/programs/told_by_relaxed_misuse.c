// Memory is given back by whoever has been told too early that others are done with it, or where
// being told orders nothing.
// expect: FAIL lifetime: thread 1 atomically modifies a variable on the stack of main
// expect --memory-model=sc: PASS
// expect -DEARLY: FAIL lifetime: thread 1 atomically reads a variable on the stack of main
// expect --memory-model=sc -DEARLY: FAIL lifetime: thread 1 atomically reads
// expect -DTWICE: FAIL lifetime: thread 1 atomically modifies a variable on the stack of main
// expect --memory-model=sc -DTWICE: FAIL lifetime: thread 1 atomically modifies
// expect --races=explore -DPLAIN: FAIL data_race: frees
// expect --memory-model=sc --races=explore -DPLAIN -DEARLY: FAIL data_race: frees
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef PLAIN

static volatile int done;

static void* work(void* argument) {
  volatile int* const result = argument;
  *result = 42;
  done = 1;
#ifdef EARLY
  *result = 43;
#endif
  return NULL;
}

__attribute__((noinline)) static void wait_for(pthread_t* t) {
  int* const result = malloc(sizeof(int));
  pthread_create(t, NULL, work, result);
  while (done == 0);
  free(result);
}

#else

struct task {
  atomic_int result, done;
};
static atomic_int done;

static void* work(void* argument) {
  struct task* const t = argument;
#if defined EARLY
  atomic_store_explicit(&t->done, 1, memory_order_release);
  if (atomic_load_explicit(&t->result, memory_order_relaxed) == 3) return argument;
#elif defined TWICE
  atomic_store_explicit(&t->done, 1, memory_order_relaxed);
  atomic_store_explicit(&t->done, 2, memory_order_relaxed);
#else
  atomic_store_explicit(&t->result, 42, memory_order_relaxed);
  atomic_store_explicit(&done, 1, memory_order_relaxed);
#endif
  return NULL;
}

__attribute__((noinline)) static void wait_for(pthread_t* t) {
  struct task mine = {0, 0};
  pthread_create(t, NULL, work, &mine);
#if defined EARLY || defined TWICE
  while (atomic_load_explicit(&mine.done, memory_order_relaxed) == 0)
#else
  while (atomic_load_explicit(&done, memory_order_relaxed) == 0)
#endif
    ;
}

#endif

static atomic_int later;

int main(void) {
  pthread_t t;
  wait_for(&t);
  atomic_store(&later, 1);
  pthread_join(t, NULL);
}
