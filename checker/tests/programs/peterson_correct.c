// Peterson's lock with plain data inside, and with orders that are too weak.
// expect: PASS complete=4
// expect -DORDER=memory_order_acq_rel: FAIL data_race: inside
#include <pthread.h>
#include <stdatomic.h>

#ifndef ORDER
#define STORE memory_order_seq_cst
#define LOAD memory_order_seq_cst
#else
#define STORE memory_order_release
#define LOAD memory_order_acquire
#endif

static atomic_int wants[2], turn;
int inside;

static void* enter(void* argument) {
  const int me = argument != NULL, other = !me;
  atomic_store_explicit(&wants[me], 1, STORE);
  atomic_store_explicit(&turn, other, STORE);
  while (atomic_load_explicit(&wants[other], LOAD) == 1 &&
         atomic_load_explicit(&turn, LOAD) == other) {
  }
  inside = me;
  atomic_store_explicit(&wants[me], 0, STORE);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, enter, NULL);
  pthread_create(&b, NULL, enter, &turn);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
