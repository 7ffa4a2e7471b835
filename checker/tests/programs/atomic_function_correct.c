// Functions are atomic by the names that verification benchmarks give them, and some others mean
// something, too. A program that declares nothing is one.
// expect: PASS complete=6
// expect -DNESTED: PASS complete=6
// expect -DINLINED: PASS complete=6
// expect -DASSUMES: PASS complete=1
// expect -DLOOKS: PASS complete=6
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

int counter;

void assume_abort_if_not(int condition) {
  if (!condition) abort();
}

#ifdef INLINED
static inline
#endif
    int
    __VERIFIER_atomic_take_number(void) {
  int mine = counter;
  counter = mine + 1;
  return mine;
}

int __VERIFIER_atomic_look(void) { return counter; }

#ifdef NESTED
void __VERIFIER_atomic_outer(int* number) { *number = __VERIFIER_atomic_take_number(); }
#endif

void* body(number) int* number;
{
#ifdef NESTED
  __VERIFIER_atomic_outer(number);
#else
  *number = __VERIFIER_atomic_take_number();
#endif
#ifdef ASSUMES
  assume_abort_if_not(*number == number[3]);
#endif
  return 0;
}

int main() {
  pthread_t t[3];
  static int numbers[6] = {0, 0, 0, 0, 1, 2};
  for (int i = 0; i < 3; ++i) pthread_create(&t[i], 0, (void* (*)(void*))body, &numbers[i]);
#ifdef LOOKS
  while (__VERIFIER_atomic_look() < 3);
#endif
  for (int i = 0; i < 3; ++i) pthread_join(t[i], 0);
  assert(numbers[0] + numbers[1] + numbers[2] == 3 && counter == 3);
}
