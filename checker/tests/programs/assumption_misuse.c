// abort() is wrong unless it is said to assume, reach_error() even if it does nothing.
// expect: FAIL crash: main calls abort()
// expect error: FAIL assertion: reach_error() is reached (thread 1
// expect --abort-discards error: FAIL assertion: reach_error() is reached (thread 1
// expect endless: FAIL limit: --threads N
#include <pthread.h>
#include <stdlib.h>

void reach_error() {}

static void* run(void* unused) {
  reach_error();
  abort();
  return unused;
}

static void* nothing(void* unused) { return unused; }

int main(int arguments, char** argument) {
  pthread_t t;
  if (arguments == 1) abort();
  if (argument[1][1] == 'r') {
    pthread_create(&t, NULL, run, NULL);
    return 0;
  }
  for (;;) pthread_create(&t, NULL, nothing, NULL);
}
