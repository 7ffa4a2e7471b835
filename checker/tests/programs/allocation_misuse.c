// Who gets an address by a relaxed load does not know of the allocation.
// expect: FAIL data_race: allocates it
// expect -DATOMIC: FAIL data_race: allocates it
// expect -DLARGE: FAIL data_race: allocates it
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(ATOMIC)
typedef atomic_int value;
#else
typedef int value;
#endif
#if defined(LARGE)
enum { count = 1000 };
#else
enum { count = 1 };
#endif

static _Atomic(value*) shared;

static void* allocate(void* unused) {
  atomic_store(&shared, (value*)malloc(count * sizeof(value)));
  return unused;
}

static void* use(void* unused) {
  value* const values = atomic_load_explicit(&shared, memory_order_relaxed);
  if (values != NULL) values[count - 1] = 1;
  return unused;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, allocate, NULL);
  pthread_create(&other, NULL, use, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  free(atomic_load(&shared));
  return 0;
}
