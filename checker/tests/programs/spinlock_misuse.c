// expect -DFREE: FAIL misuse: main unlocks l, which is free
// expect -DTWICE: FAIL deadlock: l, which it holds itself
// expect -DHELD: FAIL misuse: main destroys l, which is held by main
#include <pthread.h>

static pthread_spinlock_t l;

int main(void) {
  pthread_spin_init(&l, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(&l);
#ifdef TWICE
  pthread_spin_lock(&l);
#endif
#ifdef HELD
  pthread_spin_destroy(&l);
#endif
  pthread_spin_unlock(&l);
#ifdef FREE
  pthread_spin_unlock(&l);
#endif
  return 0;
}
