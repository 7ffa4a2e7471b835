// A relaxed load of a flag on another thread's stack is over when that thread has seen, in any way,
// what follows it: no execution lets it read what is written there later.
// expect: PASS complete=2
// expect --memory-model=sc: PASS complete=2
// expect --memory-model=tso: PASS complete=2
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int done, other;

static void* look(void* flag) {
  const int seen = atomic_load_explicit((atomic_int*)flag, memory_order_relaxed);
  atomic_store_explicit(&done, 1 + seen, memory_order_relaxed);
  return NULL;
}

__attribute__((noinline)) static int lend(pthread_t* t) {
  atomic_int mine = 0;
  pthread_create(t, NULL, look, &mine);
  atomic_store_explicit(&mine, 1, memory_order_relaxed);
  int seen;
  while ((seen = atomic_load_explicit(&done, memory_order_relaxed)) == 0)
    ;
  return seen;
}

__attribute__((noinline)) static int reuse(void) {
  atomic_int mine = 7;
  return atomic_fetch_add_explicit(&mine, 1, memory_order_relaxed);
}

int main(void) {
  pthread_t t;
  const int seen = lend(&t);
  atomic_store_explicit(&other, 1, memory_order_relaxed);
  const int next = reuse();
  pthread_join(t, NULL);
  return seen == 0 || next != 7;
}
