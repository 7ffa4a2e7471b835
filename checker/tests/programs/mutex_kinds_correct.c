// Recursive, checked and timed mutexes, and tries.
// expect: PASS complete=4 blocked=0
// expect -DTIMED: PASS complete=4 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, checked,
                       timed = PTHREAD_MUTEX_INITIALIZER;
static int x;

static void* body(void* unused) {
#ifdef TIMED
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 3;
  switch (pthread_mutex_timedlock(&timed, &until)) {
    case 0:
      ++x;
      pthread_mutex_unlock(&timed);
      break;
    default: {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      assert(now.tv_sec >= until.tv_sec);
    }
  }
#else
  if (pthread_mutex_trylock(&timed) == 0) {
    ++x;
    pthread_mutex_unlock(&timed);
  }
#endif
  return unused;
}

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&checked, &attributes);
  pthread_mutexattr_destroy(&attributes);
  assert(pthread_mutex_unlock(&checked) == EPERM);
  assert(pthread_mutex_lock(&checked) == 0);
  assert(pthread_mutex_lock(&checked) == EDEADLK);
  assert(pthread_mutex_trylock(&checked) == EBUSY);
  assert(pthread_mutex_unlock(&checked) == 0);
  pthread_mutex_destroy(&checked);

  pthread_mutex_lock(&recursive);
  assert(pthread_mutex_trylock(&recursive) == 0);
  pthread_mutex_unlock(&recursive);
  pthread_mutex_unlock(&recursive);

  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  assert(x == 1 || x == 2);
  return 0;
}
