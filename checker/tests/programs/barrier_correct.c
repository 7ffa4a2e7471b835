// n threads that meet, twice, have one execution; one of them is told that it is the one.
// expect: PASS complete=1 blocked=0
// expect -DN=5: PASS complete=1 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#ifndef N
#define N 3
#endif

static pthread_barrier_t b;
int before[N], serial[N], again[N];

static void* body(void* argument) {
  const int me = (int)(size_t)argument;
  before[me] = 1;
  serial[me] = pthread_barrier_wait(&b) == PTHREAD_BARRIER_SERIAL_THREAD;
  for (int i = 0; i < N; ++i) assert(before[i] == 1);
  again[me] = pthread_barrier_wait(&b) == PTHREAD_BARRIER_SERIAL_THREAD;
  if (again[me]) pthread_barrier_destroy(&b);
  return NULL;
}

int main(void) {
  pthread_barrier_init(&b, NULL, N);
  pthread_t t[N];
  for (size_t i = 0; i < N; ++i) pthread_create(&t[i], NULL, body, (void*)i);
  for (size_t i = 0; i < N; ++i) pthread_join(t[i], NULL);
  int first = 0, second = 0;
  for (int i = 0; i < N; ++i) {
    first += serial[i];
    second += again[i];
  }
  assert(first == 1 && second == 1);
  return 0;
}
