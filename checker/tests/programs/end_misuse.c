// Ends that say that something is wrong.
// expect -DEXIT: FAIL assertion: thread 1 calls exit(3)
// expect -DEXIT_AT_ONCE: FAIL assertion: thread 1 calls _exit(2)
// expect -DABORT: FAIL crash: thread 1 calls abort()
// expect -DASSERT: FAIL assertion: x == 0 (main
// expect -DMAIN --any-result: PASS
// expect -DEXIT --any-result: PASS
// expect -DMAIN: FAIL assertion: main() returned 4
// expect -DFORK: FAIL limit: main calls fork(), which is not modelled (end_misuse.c:
// expect -DSIGNAL: FAIL limit: main calls signal(), which is not modelled
// expect -DRACE: FAIL data_race: x
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int x;

static void* body(void* unused) {
#if defined(EXIT)
  exit(3);
#elif defined(EXIT_AT_ONCE)
  _exit(2);
#elif defined(ABORT)
  abort();
#elif defined(RACE)
  x = 1;
#endif
  return unused;
}

static void at_end(void) { x = 2; }

int main(void) {
  pthread_t t;
  atexit(at_end);
  pthread_create(&t, NULL, body, NULL);
#ifdef RACE
  return 0;
#endif
  pthread_join(t, NULL);
#ifdef ASSERT
  x = 1;
  assert(x == 0);
#endif
#ifdef FORK
  fork();
#endif
#ifdef SIGNAL
  signal(SIGINT, SIG_IGN);
#endif
#ifdef MAIN
  return 4;
#endif
  return 0;
}
