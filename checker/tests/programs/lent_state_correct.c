// What another thread writes to a variable on the stack of a thread that spins is no state of that:
// it takes no more iterations than if the variable lay elsewhere.
// expect: PASS complete=1 blocked=0
// expect -DELSEWHERE: PASS complete=1 blocked=0
// expect --memory-model=sc -DSTEPS: PASS complete=1 blocked=0
// expect --memory-model=sc -DSTEPS -DELSEWHERE: PASS complete=1 blocked=0
// expect -DLOOKS: PASS complete=1
// expect -DCOUNTS=3: PASS complete=4 blocked=0
// expect -DCOUNTS=3 -DELSEWHERE: PASS complete=4 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

struct task {
  int before, result;
  atomic_int done;
};

static void* work(void* argument) {
  struct task* const t = argument;
  t->result += 1;
#ifdef STEPS
  atomic_store_explicit(&t->done, 0, memory_order_relaxed);
  t->before = 4;
  atomic_store_explicit(&t->done, 0, memory_order_relaxed);
#endif
  t->result += 1;
  atomic_store_explicit(&t->done, 1, memory_order_release);
  return NULL;
}

#ifdef ELSEWHERE
#define PLACE static
#else
#define PLACE
#endif

__attribute__((noinline)) static int wait_for(pthread_t* t) {
  PLACE struct task mine;
  mine.before = 1;
  mine.result = 40;
  atomic_init(&mine.done, 0);
  pthread_create(t, NULL, work, &mine);
#if defined COUNTS  // An iteration that the thread itself has written in is none to be left out.
  volatile int tries = 0;
  while (atomic_load_explicit(&mine.done, memory_order_acquire) == 0)
    if (++tries == COUNTS) break;
  pthread_join(*t, NULL);
#else
  while (atomic_load_explicit(&mine.done, memory_order_acquire) == 0) {
#ifdef LOOKS
    if (mine.before == 0) return 0;
#endif
  }
#endif
  return mine.result;
}

int main(void) {
  pthread_t t;
  const int found = wait_for(&t);
#ifndef COUNTS
  pthread_join(t, NULL);
#endif
  assert(found == 42);
}
