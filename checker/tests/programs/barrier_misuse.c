// expect -DONE_MISSING: FAIL deadlock: where 1 of 2 have arrived
// expect -DDESTROYED: FAIL misuse: thread 1 uses b, which was destroyed
// expect -DNO_BARRIER: FAIL data_race: x
// expect -DTWICE: FAIL misuse: main initialises b, which was initialised already
// expect -DAGAIN: PASS
#include <pthread.h>
#include <stddef.h>

static pthread_barrier_t b;
int x;

static void* body(void* unused) {
  x = 1;
#ifndef NO_BARRIER
  pthread_barrier_wait(&b);
#endif
  return unused;
}

int main(void) {
  pthread_barrier_init(&b, NULL, 2);
#if defined(TWICE)
  pthread_barrier_init(&b, NULL, 2);
#elif defined(AGAIN)
  pthread_barrier_destroy(&b);
  pthread_barrier_init(&b, NULL, 1);
  for (int i = 0; i < 2; ++i) {
    pthread_barrier_t local;
    pthread_barrier_init(&local, NULL, 1);
  }
#endif
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
#ifdef DESTROYED
  pthread_barrier_destroy(&b);
#elif defined(NO_BARRIER)
  x = 2;
#endif
  pthread_join(t, NULL);
  return 0;
}
