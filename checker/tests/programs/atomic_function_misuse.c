// A function whose name makes it atomic excludes others of its kind only.
// expect -DPLAIN: FAIL data_race: counter
// expect -DTWIN: FAIL data_race: counter
// expect -DOTHER_NAME: FAIL data_race: counter
// expect -DREACHED: FAIL assertion: reach_error() is reached
// expect -DABORTS: FAIL crash: calls abort()
#include <pthread.h>
#include <stdlib.h>

int counter;
extern void reach_error(void);

#ifdef OTHER_NAME
#define take VERIFIER_atomic_take
#else
#define take __VERIFIER_atomic_take
#endif

void take(void) {
  ++counter;
#ifdef REACHED
  if (counter == 2) reach_error();
#endif
#ifdef ABORTS
  if (counter == 2) abort();
#endif
}

// Does the same, and is another function.
void __attribute__((noinline)) twin(void) { ++counter; }

static void* body(void* unused) {
#if defined(PLAIN)
  ++counter;
#elif defined(TWIN)
  twin();
#else
  take();
#endif
  return unused;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
  take();
  pthread_join(t, NULL);
  return 0;
}
