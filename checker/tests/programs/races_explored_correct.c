// Plain data that races, explored as if it were relaxed atomic.
// expect --races=explore: PASS complete=4 blocked=0
// expect --races=explore --memory-model=sc -DPETERSON: PASS complete=4 blocked=6
// expect --races=explore --memory-model=sc -DWAITS: PASS complete=1 blocked=1
// expect --races=explore -DSTRUCT: PASS complete=16 blocked=0
// expect --races=explore -DSTRUCT -DASSIGNS: PASS complete=16 blocked=0
// expect --races=explore --memory-model=sc -DFENCE: PASS complete=3 blocked=0
// expect --races=explore -DFENCE: PASS complete=3 blocked=0
// expect --races=explore -DSIZES: PASS complete=4 blocked=0
// expect --races=explore -DMIXED: PASS complete=3 blocked=0
// expect --races=explore -DBESIDE: PASS complete=2 blocked=0
// expect --races=explore --memory-model=sc -DHEAP: PASS complete=2 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined PETERSON  // Two threads exclude each other.

static volatile int wants[2], turn, inside;

static void* first(void* number) {
  const int me = number != NULL;
  wants[me] = 1;
  turn = !me;
  while (wants[!me] && turn == !me);
  ++inside;
  assert(inside == 1);
  --inside;
  wants[me] = 0;
  return NULL;
}
#define second first
#define ARGUMENT &turn
static void at_the_end(void) {}

#elif defined WAITS  // A loop without anything that synchronises.

static volatile int flag, data;

static void* first(void* unused) {
  data = 1;
  flag = 1;
  return unused;
}
static void* second(void* unused) {
  while (!flag);
  assert(data == 1);
  return unused;
}
static void at_the_end(void) {}

#elif defined STRUCT  // Copied in parts: each of 8 bytes, though the last one has 4 in use.

static struct { long a, b, c, d; } all;

static __typeof__(all) next = {1, 2, 3, 4};

static void* first(void* unused) {
#ifdef ASSIGNS
  all = next;
#else
  memcpy(&all, &next, sizeof all);
#endif
  return unused;
}
static void* second(void* unused) {
  __typeof__(all) seen;
  memcpy(&seen, &all, sizeof all);
  assert(seen.a == 0 || seen.a == 1);
  assert(seen.d == 0 || seen.d == 4);
  return unused;
}
static void at_the_end(void) { assert(all.a == 1 && all.b == 2 && all.c == 3 && all.d == 4); }

#elif defined FENCE  // Store buffering.

static volatile int x, y;
static int seen_x, seen_y;

static void* first(void* unused) {
  x = 1;
  atomic_thread_fence(memory_order_seq_cst);
  seen_y = y;
  return unused;
}
static void* second(void* unused) {
  y = 1;
  atomic_thread_fence(memory_order_seq_cst);
  seen_x = x;
  return unused;
}
static void at_the_end(void) { assert(x == 1 && y == 1 && (seen_x == 1 || seen_y == 1)); }

#elif defined SIZES  // All of it is written, half of it is read.

static union { volatile long whole; volatile int half[2]; } both;

static void* first(void* unused) {
  both.whole = 0x200000001;
  return unused;
}
static void* second(void* unused) {
  const int low = both.half[0], high = both.half[1];
  assert((low == 0 || low == 1) && (high == 0 || high == 2));
  return unused;
}
static void at_the_end(void) { assert(both.half[0] == 1 && both.half[1] == 2); }

#elif defined MIXED  // Atomic for the one, plain for the other.

static volatile int count;

static void* first(void* unused) {
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  return unused;
}
static void* second(void* unused) {
  const int seen = count;
  count = seen + 2;
  return unused;
}
static void at_the_end(void) { assert(count == 1 || count == 2 || count == 3); }

#elif defined BESIDE  // What lies in the same word, and does not race.

static struct { volatile char races, one, two; pthread_spinlock_t lock; } word;

static void* first(void* unused) {
  word.races = 1;
  ++word.one;
  pthread_spin_lock(&word.lock);
  pthread_spin_unlock(&word.lock);
  return unused;
}
static void* second(void* unused) {
  const char seen = word.races;
  ++word.two;
  assert(seen == 0 || seen == 1);
  return unused;
}
static void at_the_end(void) {
  __typeof__(word) copy;
  memcpy(&copy, (const void*)&word, sizeof copy);  // And of a lock that nobody holds.
  assert(copy.one == 1 && copy.two == 1);
}

#elif defined HEAP  // Its address is passed by a plain variable, which is no race with malloc().

static int* volatile shared;

static void* first(void* unused) {
  int* const own = malloc(sizeof *own);
  *own = 1;
  shared = own;
  return unused;
}
static void* second(void* unused) {
  const int* const seen = shared;
  if (seen != NULL) assert(*seen == 1 || *seen == 0);
  return unused;
}
static void at_the_end(void) { free(shared); }

#else  // Increments that may be lost.

static int count;

static void* first(void* unused) {
  ++count;
  return unused;
}
#define second first
static void at_the_end(void) { assert(count == 1 || count == 2); }

#endif

#ifndef ARGUMENT
#define ARGUMENT NULL
#endif

int main(void) {
#ifdef BESIDE
  pthread_spin_init(&word.lock, 0);
#endif
  pthread_t one, other;
  pthread_create(&one, NULL, first, NULL);
  pthread_create(&other, NULL, second, ARGUMENT);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  at_the_end();
  return 0;
}
