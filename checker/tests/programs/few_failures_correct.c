// Loops that fail so seldom that no execution repeats a read many times: failed iterations are not
// counted for all that. Each count is that of the same program with loops that must not fail.
// expect: PASS complete=10
// expect -DMUST: PASS complete=10
// expect --memory-model=sc: PASS complete=10
// expect -DCOPIES: PASS complete=10
// expect -DCOPIES -DMUST: PASS complete=10
// expect -DREREADS: PASS complete=4
// expect -DREREADS -DMUST: PASS complete=4
// expect -DADDS: PASS complete=2
// expect -DADDS -DMUST: PASS complete=2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <pawl/verify.h>

#ifdef MUST
#define AGAIN pawl_assume(false)
#else
#define AGAIN continue
#endif

#if defined(REREADS)
// A pair that its reader reads anew if its version has changed.
static atomic_int version, first, second;

static void* write_pair(void* unused) {
  atomic_fetch_add(&version, 1);
  atomic_store(&first, 1);
  atomic_fetch_add(&version, 1);
  return unused;
}

static void* read_pair(void* unused) {
  for (;;) {
    const int seen = atomic_load(&version);
    const int value = atomic_load(&first);
    if (atomic_load(&version) != seen) AGAIN;
    atomic_store(&second, value);
    return unused;
  }
}

static void* (*const performs[])(void*) = {write_pair, read_pair};

#elif defined(ADDS)
// Who has taken more than there is gives it back, and waits for more by an assumption.
static atomic_int left = 1;
static int shared;

static void* enter(void* unused) {
  while (atomic_fetch_sub(&left, 1) != 1) {
    atomic_fetch_add(&left, 1);
    pawl_assume(atomic_load(&left) == 1);
    AGAIN;
  }
  ++shared;
  atomic_fetch_add(&left, 1);
  return unused;
}

static void* (*const performs[])(void*) = {enter, enter};

#else
// Two threads append to a list, whose end is moved behind them by whoever comes next.
enum { nodes = 3 };
static atomic_int next[nodes], end;

#ifdef COPIES
// What is expected has variables of its own, and gcc keeps the address of one in another slot.
static void append(int node) {
  for (;;) {
    const int last = atomic_load(&end);
    int behind = atomic_load(&next[last]);
    if (atomic_load(&end) != last) AGAIN;
    if (behind == 0 && atomic_compare_exchange_strong(&next[last], &behind, node)) {
      int expected = last;
      atomic_compare_exchange_strong(&end, &expected, node);
      return;
    }
    int expected = last;
    if (!atomic_compare_exchange_strong(&end, &expected, behind)) AGAIN;
  }
}
#else
static void append(int node) {
  int last, behind;
  for (;;) {
    last = atomic_load(&end);
    behind = atomic_load(&next[last]);
    if (atomic_load(&end) != last) AGAIN;
    if (behind == 0 && atomic_compare_exchange_strong(&next[last], &behind, node)) break;
    if (!atomic_compare_exchange_strong(&end, &last, behind)) AGAIN;
  }
  atomic_compare_exchange_strong(&end, &last, node);
}
#endif

static void* append_first(void* unused) {
  append(1);
  return unused;
}

static void* append_second(void* unused) {
  append(2);
  return unused;
}

static void* (*const performs[])(void*) = {append_first, append_second};
#endif

int main(void) {
  pthread_t t[2];
  for (int i = 0; i < 2; ++i) pthread_create(&t[i], NULL, performs[i], NULL);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  return 0;
}
