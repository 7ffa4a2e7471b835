// expect -DFREE: FAIL misuse: main unlocks l, which is free
// expect -DOF_ANOTHER: FAIL misuse: thread 1 unlocks l, which is held by main
// expect -DUPGRADE: FAIL deadlock: l, which it holds itself
// expect -DHELD: FAIL misuse: main destroys l, which is read by main
// expect -DWRITES_AS_READER: FAIL data_race: x
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
int x;

static void* body(void* unused) {
#ifdef OF_ANOTHER
  pthread_rwlock_unlock(&l);
#endif
#ifdef WRITES_AS_READER
  pthread_rwlock_rdlock(&l);
  ++x;
  pthread_rwlock_unlock(&l);
#endif
  return unused;
}

int main(void) {
#ifdef FREE
  pthread_rwlock_unlock(&l);
#endif
#ifdef UPGRADE
  pthread_rwlock_rdlock(&l);
  pthread_rwlock_wrlock(&l);
#endif
#ifdef HELD
  pthread_rwlock_rdlock(&l);
  pthread_rwlock_destroy(&l);
#endif
#ifdef OF_ANOTHER
  pthread_rwlock_wrlock(&l);
#endif
  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  return 0;
}
