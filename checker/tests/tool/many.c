// More executions than anyone waits for.
#include <pthread.h>
#include <stdatomic.h>

atomic_int x;

void* add(void* unused) {
  for (int i = 0; i < 4; ++i) atomic_fetch_add(&x, 1);
  return unused;
}

int main() {
  pthread_t t[8];
  for (int i = 0; i < 8; ++i) pthread_create(&t[i], 0, add, 0);
  for (int i = 0; i < 8; ++i) pthread_join(t[i], 0);
  return 0;
}
