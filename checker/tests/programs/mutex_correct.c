// n threads that lock once have n! executions.
// expect: PASS complete=24 blocked=0
// expect -DN=5: PASS complete=120 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#ifndef N
#define N 4
#endif

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int x;

static void* body(void* unused) {
  pthread_mutex_lock(&m);
  ++x;
  pthread_mutex_unlock(&m);
  return unused;
}

int main(void) {
  pthread_t t[N];
  for (int i = 0; i < N; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < N; ++i) pthread_join(t[i], NULL);
  assert(x == N);
  pthread_mutex_destroy(&m);
  pthread_mutex_init(&m, NULL);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  return 0;
}
