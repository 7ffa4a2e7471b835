// Memory is given back by whoever has been told, without acquiring, that others are done with it.
// expect -DFENCES: PASS complete=1
// expect --memory-model=sc: PASS
// expect --memory-model=sc --races=explore -DPLAIN: PASS
// expect --memory-model=tso --races=explore -DPLAIN: PASS
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined FENCES  // The flag that tells lies in the frame itself.

struct task {
  int result;
  atomic_int done;
};

static void* work(void* argument) {
  struct task* const t = argument;
  t->result = 42;
  atomic_thread_fence(memory_order_release);
  atomic_store_explicit(&t->done, 1, memory_order_relaxed);
  return NULL;
}

__attribute__((noinline)) static int wait_for(pthread_t* t) {
  struct task mine = {0, 0};
  pthread_create(t, NULL, work, &mine);
  while (atomic_load_explicit(&mine.done, memory_order_relaxed) == 0);
  atomic_thread_fence(memory_order_acquire);
  return mine.result;
}

#elif defined PLAIN  // Data that races is freed.

static volatile int done;

static void* work(void* argument) {
  volatile int* const result = argument;
  *result = 42;
  done = 1;
  return NULL;
}

__attribute__((noinline)) static int wait_for(pthread_t* t) {
  int* const result = malloc(sizeof(int));
  pthread_create(t, NULL, work, result);
  while (done == 0);
  const int found = *result;
  free(result);
  return found;
}

#else  // What is left last is an object that is read.

static atomic_int done;

static void* work(void* argument) {
  atomic_int* const result = argument;
  const int old = atomic_fetch_add_explicit(result, 40, memory_order_relaxed);
  atomic_store_explicit(&done, old, memory_order_relaxed);
  return NULL;
}

__attribute__((noinline)) static int wait_for(pthread_t* t) {
  atomic_int mine = 2;
  pthread_create(t, NULL, work, &mine);
  while (atomic_load_explicit(&done, memory_order_relaxed) == 0);
  return atomic_load_explicit(&mine, memory_order_relaxed);
}

#endif

static atomic_int later;

int main(void) {
  pthread_t t;
  assert(wait_for(&t) == 42);
  atomic_store(&later, 1);
  pthread_join(t, NULL);
}
