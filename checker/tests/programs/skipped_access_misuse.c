// Loops whose iterations access what others end once the loop is over, but not before that in the
// order of the model.
// expect: FAIL data_race
// expect --memory-model=sc: FAIL data_race
// expect -DTRIES: FAIL data_race
// expect -DADDS: FAIL data_race
// expect -DLOCKS: FAIL data_race
// expect -DLOCKS -DDESTROYS: FAIL lifetime
// expect -DWRITES: FAIL data_race
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define RELAXED memory_order_relaxed

struct shared {
  atomic_int value;
  pthread_mutex_t m;
};
static struct shared* object;
static atomic_int stop, ended;

static void* poll(void* unused) {
  while (!atomic_load_explicit(&stop, RELAXED)) {
#if defined(TRIES)
    int expected = 7;
    atomic_compare_exchange_strong_explicit(&object->value, &expected, 8, RELAXED, RELAXED);
#elif defined(ADDS)
    atomic_fetch_add_explicit(&object->value, 1, RELAXED);
    atomic_fetch_sub_explicit(&object->value, 1, RELAXED);
#elif defined(LOCKS)
    pthread_mutex_lock(&object->m);
    pthread_mutex_unlock(&object->m);
#else
    (void)atomic_load_explicit(&object->value, RELAXED);
#endif
  }
#if defined(ORDERS)
  atomic_store_explicit(&ended, 1, memory_order_release);
#else
  atomic_store_explicit(&ended, 1, RELAXED);
#endif
  return unused;
}

static void* end(void* unused) {
#if defined(ORDERS)
  if (atomic_load_explicit(&ended, memory_order_acquire) == 0) return unused;
#else
  if (atomic_load_explicit(&ended, RELAXED) == 0) return unused;
#endif
#if defined(DESTROYS)
  pthread_mutex_destroy(&object->m);
#elif defined(WRITES)
  *(int*)&object->value = 1;
#else
  free(object);
  object = NULL;
#endif
  return unused;
}

static void* order(void* unused) {
  atomic_store_explicit(&stop, 1, RELAXED);
  return unused;
}

int main(void) {
  void* (*const all[])(void*) = {poll, end, order};
  pthread_t threads[3];
  object = calloc(1, sizeof *object);
  pthread_mutex_init(&object->m, NULL);
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, all[i], NULL);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  free(object);
  return 0;
}
