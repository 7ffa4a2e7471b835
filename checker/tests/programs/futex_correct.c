// A mutex of three states on the system call itself: free, held, held while others may wait.
// expect: PASS complete=14 blocked=0
// expect -DTIMED: PASS complete=6 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

atomic_int state;
int in_section;

static long futex(int op, int value, const struct timespec* timeout) {
  return syscall(SYS_futex, &state, op | FUTEX_PRIVATE_FLAG, value, timeout, NULL, 0);
}

static void lock(void) {
  int seen = 0;
  if (atomic_compare_exchange_strong(&state, &seen, 1)) return;
  while (atomic_exchange(&state, 2) != 0) futex(FUTEX_WAIT, 2, NULL);
}

static void unlock(void) {
  if (atomic_exchange(&state, 0) == 2) futex(FUTEX_WAKE, 1, NULL);
}

static void* work(void* unused) {
  lock();
  ++in_section;
  unlock();
  return unused;
}

#ifdef TIMED
static void* wake(void* unused) {
  atomic_store(&state, 1);
  assert(futex(FUTEX_WAKE, 1, NULL) <= 1);
  return unused;
}

int main(void) {
  assert(futex(FUTEX_WAIT, 1, NULL) == -1 && errno == EAGAIN);
  pthread_t waker;
  pthread_create(&waker, NULL, wake, NULL);
  const struct timespec second = {1, 0};
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  const long result = futex(FUTEX_WAIT, 0, &second);
  const int error = errno;
  clock_gettime(CLOCK_MONOTONIC, &after);
  if (result == 0) assert(after.tv_sec == before.tv_sec);
  if (result != 0) assert(error == EAGAIN || (error == ETIMEDOUT && after.tv_sec > before.tv_sec));
  pthread_join(waker, NULL);
  return 0;
}
#else
int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  assert(in_section == 2 && state == 0);
  return 0;
}
#endif
