// Loops that take away again what they have added: an iteration that fails is cut, whoever else adds
// to the value meanwhile without a look at it, so that only locks which succeed at once are counted.
// expect: PASS complete=2
// expect -DTHREADS=3: PASS complete=6
// expect --memory-model=sc -DTHREADS=3: PASS complete=6
// expect -DBODY=read_and_write: PASS complete=14
// expect --memory-model=sc -DBODY=read_and_write: PASS complete=14
// expect --memory-model=tso -DBODY=read_and_write: PASS complete=14
// expect --memory-model=ra -DBODY=read_and_write: PASS complete=14
// expect -DBODY=read: PASS complete=6
// expect -DBODY=use: PASS complete=2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef THREADS
#define THREADS 2
#endif
#ifndef BODY
#define BODY use_all
#endif

static atomic_int taken, left = 1000;
static int shared;

static void* use_all(void* unused) {
  while (atomic_fetch_add(&taken, 1) != 0) atomic_fetch_sub(&taken, 1);
  ++shared;
  atomic_fetch_sub(&taken, 1);
  return unused;
}

// Readers take one of 1000 parts, writers all: one that fails waits before it tries again.
#define LOCK(part)                                                              \
  int before = atomic_fetch_sub_explicit(&left, part, memory_order_acquire);    \
  while (before < part) {                                                       \
    atomic_fetch_add_explicit(&left, part, memory_order_relaxed);               \
    while (atomic_load_explicit(&left, memory_order_relaxed) < part) {          \
    }                                                                           \
    before = atomic_fetch_sub_explicit(&left, part, memory_order_acquire);      \
  }
static void lock_one(void) { LOCK(1) }
static void lock_all(void) { LOCK(1000) }
static void unlock(int part) { atomic_fetch_add_explicit(&left, part, memory_order_release); }

static void* read(void* unused) {
  lock_one();
  assert(shared == 0);
  unlock(1);
  return unused;
}
static void* use(void* unused) {
  lock_all();
  ++shared;
  unlock(1000);
  return unused;
}
static void* read_and_write(void* unused) {
  lock_one();
  (void)*(volatile int*)&shared;
  unlock(1);
  return use(unused);
}

int main(void) {
  pthread_t t[THREADS];
  void* (*const bodies[])(void*) = {use_all, read, use, read_and_write};
  (void)bodies;
  for (int i = 0; i < THREADS; ++i) pthread_create(&t[i], NULL, BODY, NULL);
  for (int i = 0; i < THREADS; ++i) pthread_join(t[i], NULL);
  return 0;
}
