// A buffer of one place, a broadcast, and waits with deadlines.
// expect: PASS complete=2
// expect -DTIMED: PASS
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static int ready;

static void* body(void* unused) {
  pthread_mutex_lock(&m);
  ready = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&m);
  return unused;
}

int main(void) {
  pthread_cond_init(&changed, NULL);
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
  pthread_mutex_lock(&m);
#ifdef TIMED
  struct timespec until, now;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec = 500;
  int error = 0;
  while (!ready && error == 0) error = pthread_cond_timedwait(&changed, &m, &until);
  clock_gettime(CLOCK_REALTIME, &now);
  assert(error == 0 || (error == ETIMEDOUT && now.tv_nsec >= 500));
#else
  while (!ready) pthread_cond_wait(&changed, &m);
#endif
  pthread_mutex_unlock(&m);
  pthread_join(t, NULL);
  pthread_cond_destroy(&changed);
  pthread_mutex_destroy(&m);
  return 0;
}
