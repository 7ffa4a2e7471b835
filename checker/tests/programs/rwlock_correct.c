// A writer among readers, of which one reads again and again.
// expect: PASS blocked=0
// expect -DTRIES: PASS blocked=0
// expect -DTIMED: PASS blocked=0
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_rwlock_t l;
int x;

static void* reads(void* unused) {
  pthread_rwlock_rdlock(&l);
  pthread_rwlock_rdlock(&l);
  const int seen = x;
  pthread_rwlock_unlock(&l);
  assert(x == seen);
  assert(pthread_rwlock_tryrdlock(&l) == 0);
  pthread_rwlock_unlock(&l);
  assert(x == seen);
  pthread_rwlock_unlock(&l);
  return unused;
}

static void* writes(void* unused) {
#if defined(TRIES)
  if (pthread_rwlock_trywrlock(&l) != 0) return unused;
#elif defined(TIMED)
  struct timespec soon = {0, 0};
  if (pthread_rwlock_timedwrlock(&l, &soon) == ETIMEDOUT) return unused;
#else
  pthread_rwlock_wrlock(&l);
#endif
  ++x;
  pthread_rwlock_unlock(&l);
  return unused;
}

int main(void) {
  pthread_rwlock_init(&l, NULL);
  pthread_t t[2];
  pthread_create(&t[0], NULL, reads, NULL);
  pthread_create(&t[1], NULL, writes, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  pthread_rwlock_destroy(&l);
  return 0;
}
