// A wait that is no loop relies on what nobody promises.
// expect: PASS complete=2
// expect --spurious-wakeups=1: FAIL assertion: ready == 1
// expect -DTIMED --spurious-wakeups=1: FAIL assertion: ready == 1
// expect -DLOOPS --spurious-wakeups=2: PASS
#include <assert.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void* set(void* unused) {
  pthread_mutex_lock(&m);
  ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&m);
  return unused;
}

static int wait(void) {
#ifdef TIMED
  const struct timespec later = {.tv_sec = 1L << 40};
  return pthread_cond_timedwait(&changed, &m, &later);
#else
  return pthread_cond_wait(&changed, &m);
#endif
}

int main(void) {
  pthread_t t;
  int timed_out = 0;
  pthread_create(&t, NULL, set, NULL);
  pthread_mutex_lock(&m);
#ifdef LOOPS
  while (!ready) wait();
#else
  if (!ready) timed_out = wait();
#endif
  if (!timed_out) assert(ready == 1);
  pthread_mutex_unlock(&m);
  pthread_join(t, NULL);
  return 0;
}
