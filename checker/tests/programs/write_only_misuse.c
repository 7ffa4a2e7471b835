// What is written and never read races, too, however little of it a compiler would keep.
// expect: FAIL data_race: data
// expect -DIN_FUNCTION: FAIL data_race: data
// expect --races=explore: PASS
#include <pthread.h>

#if !defined(IN_FUNCTION)
static int data;
#endif

static void set(int value) {
#if defined(IN_FUNCTION)
  static int data;
#endif
  data = value;
}

static void* one(void* unused) {
  set(1);
  return unused;
}

static void* other(void* unused) {
  set(2);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, one, NULL);
  pthread_create(&b, NULL, other, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
