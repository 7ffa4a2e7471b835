// Loops that look under a lock whether something has changed: an iteration that finds nothing is cut,
// and the executions are those of the looks that succeed.
// expect: PASS complete=1
// expect -DPOLLERS=2: PASS complete=2
// expect -DPOLLERS=2 --memory-model=sc: PASS complete=2
// expect -DSPINLOCK: PASS complete=1
// expect -DREADERS -DPOLLERS=2: PASS complete=6
// expect -DC11: PASS complete=1
// expect -DSEMAPHORE: PASS complete=1
// expect -DHELD -DPOLLERS=2: PASS
// expect -DSECTION: PASS complete=1
// expect -DFUNCTION: PASS complete=1
// expect -DTRIED: PASS complete=6
#include <assert.h>
#include <pawl/verify.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <threads.h>

#ifndef POLLERS
#define POLLERS 1
#endif

static int done, value;

#if defined(SPINLOCK)
static pthread_spinlock_t m;
#define begin() pthread_spin_init(&m, 0)
#define lock() pthread_spin_lock(&m)
#define unlock() pthread_spin_unlock(&m)
#elif defined(READERS)
static pthread_rwlock_t m = PTHREAD_RWLOCK_INITIALIZER;
#define lock() pthread_rwlock_wrlock(&m)
#define lock_to_look() pthread_rwlock_rdlock(&m)
#define unlock() pthread_rwlock_unlock(&m)
#elif defined(C11)
static mtx_t m;
#define begin() mtx_init(&m, mtx_plain)
#define lock() mtx_lock(&m)
#define unlock() mtx_unlock(&m)
#elif defined(SEMAPHORE)
static sem_t m;
#define begin() sem_init(&m, 0, 1)
#define lock() sem_wait(&m)
#define unlock() sem_post(&m)
#elif defined(SECTION)
#define lock() pawl_atomic_begin()
#define unlock() pawl_atomic_end()
#else
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
#define lock() pthread_mutex_lock(&m)
#define unlock() pthread_mutex_unlock(&m)
#endif
#ifndef begin
#define begin() (void)0
#endif
#ifndef lock_to_look
#define lock_to_look() lock()
#endif

#if defined(FUNCTION)
static volatile int seen;
static int __VERIFIER_atomic_look(void) { return seen; }
static void __VERIFIER_atomic_set(void) { seen = 1; }
static void look(void) {
  while (!__VERIFIER_atomic_look()) {
  }
}
static void set(void) { __VERIFIER_atomic_set(); }
#else
static void set(void) {
  lock();
  done = 1;
  unlock();
}
#if defined(HELD)
static void look(void) {
  lock();
  while (!done) {
    unlock();
    sched_yield();
    lock();
  }
  unlock();
}
#else
static void look(void) {
  for (;;) {
    lock_to_look();
    int end = done;
    unlock();
    if (end) break;
    sched_yield();
  }
}
#endif
#endif

static void* poll(void* unused) {
  look();
  assert(value == 1);
  return unused;
}

static void* work(void* unused) {
  value = 1;
  set();
  return unused;
}

#if defined(TRIED)
// It can see the lock held by an iteration that finds nothing, which then counts.
static void* try(void* unused) {
  if (pthread_mutex_trylock(&m) == 0) pthread_mutex_unlock(&m);
  return unused;
}
#endif

int main(void) {
  pthread_t t[POLLERS + 2];
  int n = 0;
  begin();
  for (int i = 0; i < POLLERS; ++i) pthread_create(&t[n++], NULL, poll, NULL);
  pthread_create(&t[n++], NULL, work, NULL);
#if defined(TRIED)
  pthread_create(&t[n++], NULL, try, NULL);
#endif
  for (int i = 0; i < n; ++i) pthread_join(t[i], NULL);
  return 0;
}
