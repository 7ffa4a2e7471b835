// expect -DAGAIN: FAIL deadlock: flag, which it is calling itself
// expect -DTWO_FLAGS: FAIL data_race: x
#include <pthread.h>
#include <stddef.h>

pthread_once_t flag = PTHREAD_ONCE_INIT, other = PTHREAD_ONCE_INIT;
int x;

static void f(void) {
  ++x;
#ifdef AGAIN
  pthread_once(&flag, f);
#endif
}

static void* body(void* unused) {
#ifdef TWO_FLAGS
  pthread_once(&other, f);
#endif
  return unused;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
  pthread_once(&flag, f);
  pthread_join(t, NULL);
  return 0;
}
