// Two of them lie side by side.
// expect: PASS complete=6 blocked=0
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#define N 3

static struct {
  pthread_spinlock_t one, two;
} locks;
static int x;

static void* body(void* unused) {
  pthread_spin_lock(&locks.two);
  ++x;
  pthread_spin_unlock(&locks.two);
  return unused;
}

int main(void) {
  pthread_spin_init(&locks.one, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_init(&locks.two, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(&locks.one);
  pthread_t t[N];
  for (int i = 0; i < N; ++i) pthread_create(&t[i], NULL, body, NULL);
  for (int i = 0; i < N; ++i) pthread_join(t[i], NULL);
  assert(pthread_spin_trylock(&locks.one) == EBUSY && pthread_spin_trylock(&locks.two) == 0);
  pthread_spin_unlock(&locks.one);
  pthread_spin_unlock(&locks.two);
  assert(x == N);
  pthread_spin_destroy(&locks.two);
  return 0;
}
