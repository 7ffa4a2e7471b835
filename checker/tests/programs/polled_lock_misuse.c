// Loops that look under a lock for what never comes, and such that do more than look.
// expect: FAIL deadlock: spins
// expect -DEACH_OTHER: FAIL deadlock: thread 2 spins
// expect -DFOREVER: FAIL deadlock: spins
// expect -DHOLDS: FAIL deadlock: spins
// expect -DCOUNTS: FAIL assertion: !"gives up"
// expect -DCOUNTS_THERE: FAIL assertion: !"gives up"
// expect --no-deadlocks -DTRIED: FAIL assertion: !"is held"
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
static int a, b, looks;

static void look(const int* at) {
#if defined(COUNTS)
  int times = 0;
#endif
  for (;;) {
    pthread_mutex_lock(&m);
    int end = *at;
#if defined(COUNTS_THERE)
    if (++looks == 4) assert(!"gives up");
#endif
    pthread_mutex_unlock(&m);
    if (end) break;
#if defined(COUNTS)
    if (++times == 4) assert(!"gives up");
#endif
  }
}

static void set(int* at) {
  pthread_mutex_lock(&m);
  *at = 1;
  pthread_mutex_unlock(&m);
}

static void* one(void* unused) {
#if defined(FOREVER)
  for (;;) {
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
  }
#endif
#if defined(HOLDS)
  pthread_mutex_lock(&n);
#endif
  look(&a);
#if defined(EACH_OTHER)
  set(&b);
#endif
  return unused;
}

static void* other(void* unused) {
#if defined(TRIED)
  for (int i = 0; i < 2; ++i) {
    if (pthread_mutex_trylock(&m) != 0) assert(!"is held");
    pthread_mutex_unlock(&m);
  }
#elif defined(EACH_OTHER)
  look(&b);
#elif defined(HOLDS)
  pthread_mutex_lock(&n);
#endif
#if defined(EACH_OTHER) || defined(HOLDS)
  set(&a);
#endif
  return unused;
}

int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], NULL, one, NULL);
  pthread_create(&t[1], NULL, other, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  return 0;
}
