// How threads are to be scheduled has no effect; they read back what they set of their own.
// expect: PASS complete=2 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

static atomic_int x;

static void* worker(void* unused) {
  const pthread_t me = pthread_self();
  int policy = -1;
  struct sched_param p = {-1};
  assert(pthread_getschedparam(me, &policy, &p) == 0);
  assert(policy == SCHED_OTHER && p.sched_priority == 0);
  p.sched_priority = 7;
  assert(pthread_setschedparam(me, SCHED_OTHER, &p) == EINVAL);
  assert(pthread_setschedparam(me, SCHED_FIFO, &p) == 0);
  assert(pthread_setschedprio(me, 8) == 0);
  assert(pthread_getschedparam(me, &policy, &p) == 0);
  assert(policy == SCHED_FIFO && p.sched_priority == 8);
  atomic_store(&x, 1);
  return unused;
}

static void bind(pthread_t thread) {
  cpu_set_t one, found;
  CPU_ZERO(&one);
  assert(pthread_setaffinity_np(thread, sizeof one, &one) == EINVAL);
  CPU_SET(0, &one);
  assert(pthread_setaffinity_np(thread, sizeof one, &one) == 0);
  assert(pthread_getaffinity_np(thread, sizeof found, &found) == 0);
  assert(CPU_ISSET(0, &found) && (CPU_EQUAL(&one, &found) || thread != pthread_self()));
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, worker, NULL);
  bind(t);
  bind(pthread_self());
  cpu_set_t mine;
  assert(sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) == 1);
  clockid_t clock;
  struct timespec now;
  assert(pthread_getcpuclockid(t, &clock) == 0 && clock_gettime(clock, &now) == 0);
  (void)atomic_load(&x);
  pthread_join(t, NULL);
}
