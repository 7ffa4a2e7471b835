// Data that a loop would read only where a flag says so, and none does.
// expect: PASS complete=1
#include <pthread.h>

static int data, flags[4], n = 4, sum;

static void* add(void* unused) {
  int s = 0;
  for (int i = 0; i < n; ++i)
    if (flags[i]) s += data;
  sum = s;
  return unused;
}

static void* set(void* unused) {
  data = 7;
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, add, NULL);
  pthread_create(&b, NULL, set, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return data != 7;
}
