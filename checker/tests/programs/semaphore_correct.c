// expect: PASS complete=2 blocked=0
// expect -DHANDS_OVER: PASS complete=1 blocked=0
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

static sem_t s, full;
int x;

static void* body(void* unused) {
  sem_wait(&s);
  ++x;
  sem_post(&s);
  return unused;
}

static void* fills(void* unused) {
  x = 7;
  sem_post(&full);
  return unused;
}

int main(void) {
  sem_init(&s, 0, 1);
  sem_init(&full, 0, 0);
  pthread_t t[2];
#ifdef HANDS_OVER
  pthread_create(&t[0], NULL, fills, NULL);
  sem_wait(&full);
  assert(x == 7);
  pthread_join(t[0], NULL);
  (void)body;
#else
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  assert(x == 2);
  (void)fills;
#endif
  int left = -1;
  sem_getvalue(&s, &left);
  assert(left == 1);
  assert(sem_trywait(&full) == -1 && errno == EAGAIN);
  sem_destroy(&s);
  sem_init(&s, 0, SEM_VALUE_MAX);
  assert(sem_post(&s) == -1 && errno == EOVERFLOW);
  sem_wait(&s);
  assert(sem_post(&s) == 0);
  sem_getvalue(&s, &left);
  assert(left == SEM_VALUE_MAX);
  return 0;
}
