// Loops that poll until they are told to end, by who waits to see a poll.
// expect: PASS
// expect -DTRIES: PASS
// expect -DNOBODY: PASS complete=1
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static atomic_int x, stop;

static void* poll(void* unused) {
  while (!stop) {
#if defined(TRIES)
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
#else
    atomic_fetch_add(&x, 1);
    atomic_fetch_sub(&x, 1);
#endif
  }
  return unused;
}

static void* wait_for_poll(void* unused) {
#if defined(TRIES)
  while (pthread_mutex_trylock(&m) == 0) pthread_mutex_unlock(&m);
#elif !defined(NOBODY)
  while (x == 0) continue;
#endif
  stop = 1;
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, 0, poll, 0);
  pthread_create(&two, 0, wait_for_poll, 0);
  pthread_join(one, 0);
  pthread_join(two, 0);
  return 0;
}
