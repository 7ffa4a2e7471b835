/*
 * A ticket lock: threads are served in the order in which they came.
 *
 * The bug: the lock is handed on with a relaxed store. The next owner sees that it is its turn,
 * but not what the last one has written under the lock.
 *
 *   pawl check ticket_lock.c
 *   pawl check ticket_lock.c -- -DRELAXED_UNLOCK
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#ifdef RELAXED_UNLOCK
#define UNLOCK_ORDER memory_order_relaxed
#else
#define UNLOCK_ORDER memory_order_release
#endif

struct ticket_lock {
  atomic_uint next_ticket;
  atomic_uint now_serving;
};

static void ticket_lock_acquire(struct ticket_lock* lock) {
  /* Tickets only number threads; what orders them is the number that is served. */
  const unsigned ticket = atomic_fetch_add_explicit(&lock->next_ticket, 1, memory_order_relaxed);
  while (atomic_load_explicit(&lock->now_serving, memory_order_acquire) != ticket) {}
}

static void ticket_lock_release(struct ticket_lock* lock) {
  /* Only the owner writes it, so this need not be a read-modify-write operation. */
  const unsigned served = atomic_load_explicit(&lock->now_serving, memory_order_relaxed);
  atomic_store_explicit(&lock->now_serving, served + 1, UNLOCK_ORDER);
}

static struct ticket_lock lock;
static int balance;

static void* deposit(void* amount) {
  ticket_lock_acquire(&lock);
  balance += *(const int*)amount;
  ticket_lock_release(&lock);
  return NULL;
}

int main(void) {
  int amounts[] = {10, 20, 30};
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, deposit, &amounts[i]);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  assert(balance == 60);
  return 0;
}
