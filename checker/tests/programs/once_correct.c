// Whoever comes first calls; nobody else has anything to choose.
// expect: PASS complete=2 blocked=0
// expect -DCALLED_BEFORE: PASS complete=1 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_once_t flag = PTHREAD_ONCE_INIT;
int x;

static void f(void) { ++x; }

static void* body(void* unused) {
  pthread_once(&flag, f);
  assert(x == 1);
  return unused;
}

int main(void) {
#ifdef CALLED_BEFORE
  pthread_once(&flag, f);
#endif
  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  assert(x == 1);
  return 0;
}
