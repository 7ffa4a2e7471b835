// Loops of updates that never end, and such that do more than wait.
// expect: FAIL deadlock: spins
// expect -DFORGETS: FAIL deadlock: spins
// expect -DCOUNTS: FAIL assertion: !"gives up"
// expect -DTELLS: FAIL assertion: !"is told"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x;

#if defined(FORGETS)
static atomic_int locked;
static void* body(void* unused) {
  while (atomic_exchange(&locked, 1) == 1) {
  }
  return unused;
}
#elif defined(COUNTS)
static void* body(void* unused) {
  int attempts = 0;
  while (atomic_exchange(&x, 0) == 0)
    if (++attempts == 3) assert(!"gives up");
  return unused;
}
#elif defined(TELLS)
// Each attempt changes the value: the other thread can wait for that.
static void* body(void* unused) {
  while (atomic_fetch_add(&x, 1) < 3) {
  }
  return unused;
}
#else
static void* body(void* unused) {
  while (!atomic_exchange(&x, 0)) {
  }
  return unused;
}
#endif

int main(void) {
  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, NULL);
#if defined(TELLS)
  while (atomic_load(&x) != 3) {
  }
  assert(!"is told");
#endif
  return 0;
}
