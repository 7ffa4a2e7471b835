// What POSIX leaves undefined, and locks that wait for ever.
// expect -DFREE: FAIL misuse: main unlocks m, which is free
// expect -DOF_ANOTHER: FAIL misuse: thread 1 unlocks m, which is held by main
// expect -DHELD: FAIL misuse: main destroys m, which is held by main
// expect -DDESTROYED: FAIL lifetime: destroyed
// expect -DTWICE: FAIL deadlock: m, which it holds itself
// expect -DCROSSWISE: FAIL deadlock: waits
// expect -DUNORDERED_INIT: FAIL data_race: m
// expect -DRECURSIVE_FREE: FAIL misuse: main unlocks m, which is free
// expect -DINITIALISED_HELD: FAIL misuse: main initialises m, which is held by main
// expect -DNEVER_UNLOCKED: FAIL deadlock: held by main
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;

static void* body(void* unused) {
#if defined(OF_ANOTHER)
  pthread_mutex_unlock(&m);
#elif defined(CROSSWISE)
  pthread_mutex_lock(&other);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&other);
#elif defined(UNORDERED_INIT) || defined(NEVER_UNLOCKED)
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
#endif
  return unused;
}

int main(void) {
#ifdef RECURSIVE_FREE
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&m, &attributes);
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&m);
#endif
#ifdef FREE
  pthread_mutex_unlock(&m);
#endif
#if !defined(UNORDERED_INIT) && !defined(CROSSWISE)
  pthread_mutex_lock(&m);
#endif
#ifdef INITIALISED_HELD
  pthread_mutex_init(&m, NULL);
#endif
#ifdef TWICE
  pthread_mutex_lock(&m);
#endif
#ifdef HELD
  pthread_mutex_destroy(&m);
#endif
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
#ifdef UNORDERED_INIT
  pthread_mutex_init(&m, NULL);
#endif
#ifdef CROSSWISE
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&other);
  pthread_mutex_unlock(&other);
  pthread_mutex_unlock(&m);
#endif
#ifdef NEVER_UNLOCKED
  pthread_exit(NULL);
#endif
  pthread_join(t, NULL);
#ifdef DESTROYED
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
  pthread_mutex_lock(&m);
#endif
  return 0;
}
