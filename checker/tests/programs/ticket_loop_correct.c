// A loop that reads one object is a wait: what it reads before its last iteration makes no
// executions of its own, so that even many threads queue in time.
// expect -DTHREADS=7: PASS complete=5040
// expect -DTHREADS=5 --memory-model=sc: PASS complete=120
// expect -DTHREADS=3 -DTICKET_IN_MEMORY: PASS complete=6
// expect -DTHREADS=3 -DYIELDS: PASS complete=6
// expect -DTHREADS=3 -DSKIPS: FAIL deadlock: spins
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int next, owner;
static int shared;
static long numbers[THREADS];
#ifdef TICKET_IN_MEMORY
// What the loop compares with is no private state: other executions have other values there.
static int tickets[THREADS];
#endif

static void lock(long me) {
  const int ticket = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
#if defined(TICKET_IN_MEMORY)
  tickets[me] = ticket;
  while (atomic_load_explicit(&owner, memory_order_acquire) != tickets[me]) {
  }
#else
  (void)me;
  while (atomic_load_explicit(&owner, memory_order_acquire) != ticket) {
#ifdef YIELDS
    sched_yield();
#endif
  }
#endif
}

static void unlock(void) {
  const int served = atomic_load_explicit(&owner, memory_order_relaxed);
#ifdef SKIPS
  atomic_store_explicit(&owner, served == 1 ? 3 : served + 1, memory_order_release);
#else
  atomic_store_explicit(&owner, served + 1, memory_order_release);
#endif
}

static void* take(void* me) {
  const long number = *(long*)me;
  lock(number);
  shared = (int)number;
  assert(shared == number);
  unlock();
  return NULL;
}

int main(void) {
  pthread_t started[THREADS];
  for (long i = 0; i < THREADS; ++i) {
    numbers[i] = i;
    pthread_create(&started[i], NULL, take, &numbers[i]);
  }
  for (int i = 0; i < THREADS; ++i) pthread_join(started[i], NULL);
  return 0;
}
