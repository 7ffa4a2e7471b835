// Threads that wait for ever are convicted, unless that is asked not to count.
// expect: FAIL deadlock: spins
// expect --no-deadlocks: PASS complete=1 blocked=1
// expect -DLOCKS: FAIL deadlock: waits
// expect -DLOCKS --no-deadlocks: PASS complete=2 blocked=1
// expect -DLOCKS -DASSERTS --no-deadlocks: FAIL assertion
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#if defined(LOCKS)
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int x;

static void* take(void* opposite) {
  pthread_mutex_lock(opposite ? &b : &a);
  pthread_mutex_lock(opposite ? &a : &b);
  ++x;
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return NULL;
}

int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], NULL, take, NULL);
  pthread_create(&t[1], NULL, take, &x);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
#if defined(ASSERTS)
  assert(x != 2);
#endif
  return 0;
}
#else
static atomic_int x;

static void* set_twice(void* unused) {
  atomic_store(&x, 1);
  atomic_store(&x, 2);
  return unused;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, set_twice, NULL);
  while (atomic_load(&x) != 1) {
  }
  return 0;
}
#endif
