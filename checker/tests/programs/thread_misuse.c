// Threads are joined once, by another thread, unless they are detached.
// expect -DTWICE: FAIL misuse: main joins thread 1, which was joined already
// expect -DDETACHED: FAIL misuse: main joins thread 1, which is detached
// expect -DBORN_DETACHED: FAIL misuse: main joins thread 1, which is detached
// expect -DDETACHED_TWICE: FAIL misuse: main detaches thread 1, which is detached
// expect -DNOBODY: FAIL misuse: main joins a thread that was never created
// expect -DEACH_OTHER: FAIL deadlock: waits for
// expect -DCANCEL: FAIL limit: main calls pthread_cancel(), which is not modelled
#include <pthread.h>
#include <stddef.h>

static pthread_t first;

static void* body(void* unused) {
#if defined(EACH_OTHER)
  pthread_join(first, NULL);
#endif
  return unused;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
#ifdef BORN_DETACHED
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
#endif
  first = pthread_self();
  pthread_t t;
  pthread_create(&t, &attributes, body, NULL);
  pthread_attr_destroy(&attributes);
#if defined(DETACHED) || defined(DETACHED_TWICE)
  pthread_detach(t);
#endif
#ifdef DETACHED_TWICE
  pthread_detach(t);
#endif
#ifdef NOBODY
  t = t + 5;
#endif
#ifdef CANCEL
  pthread_cancel(t);
#endif
  pthread_join(t, NULL);
#ifdef TWICE
  pthread_join(t, NULL);
#endif
  return 0;
}
