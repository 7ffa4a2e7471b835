// Who gets an address by an acquire load knows of the allocation.
// expect: PASS complete=2
// expect -DATOMIC: PASS complete=2
// expect -DLARGE: PASS complete=2
#include <assert.h>
#include <malloc.h>
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
  value* const values = atomic_load_explicit(&shared, memory_order_acquire);
  if (values != NULL) values[count - 1] = 1;
  return unused;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, allocate, NULL);
  pthread_create(&other, NULL, use, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  assert(malloc_usable_size(atomic_load(&shared)) == count * sizeof(value));
  free(atomic_load(&shared));
  return 0;
}
