// expect -DNOTHING_LEFT: FAIL deadlock: s, which is
// expect -DTWO_AT_ONCE: FAIL data_race: x
// expect -DDESTROYED: FAIL lifetime: destroyed
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t s;
int x;

static void* body(void* unused) {
  sem_wait(&s);
  ++x;
  sem_post(&s);
  return unused;
}

int main(void) {
#if defined(NOTHING_LEFT)
  sem_init(&s, 0, 0);
#elif defined(TWO_AT_ONCE)
  sem_init(&s, 0, 2);
#else
  sem_init(&s, 0, 1);
#endif
  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
#ifdef DESTROYED
  sem_destroy(&s);
  sem_wait(&s);
#endif
  return 0;
}
