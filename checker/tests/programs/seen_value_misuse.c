// Loops that go on with the value that a compare-exchange saw, each of which does what a shorter
// way to the same value would not do: that must not be left out.
// expect -DCOUNTS: FAIL assertion: !"fails twice"
// expect -DORDERS: FAIL assertion: published
// expect -DLEAVES: FAIL assertion: !"goes on"
// expect -DLEAVES -DWRITES: FAIL assertion: !"goes on"
// expect -DREMEMBERS: FAIL assertion: !"took it from"
// expect -DFOLLOWS: FAIL assertion: !"saw both"
// expect -DLOOKS: FAIL data_race: plain
// expect -DLOOKS -DON_STACK: FAIL data_race
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, data;

#define RELAXED memory_order_relaxed

static void* write(void* unused) {
  atomic_store_explicit(&data, 1, RELAXED);
  atomic_store_explicit(&x, 1, memory_order_release);
  atomic_store_explicit(&x, 2, memory_order_release);
  return unused;
}

#if defined(COUNTS)
static void change(void) {
  int seen = atomic_load(&x), failures = 0;
  while (!atomic_compare_exchange_strong(&x, &seen, 9))
    if (++failures == 2) assert(!"fails twice");
}
#elif defined(ORDERS)
// Who loads 2 knows of the data; who fails on it does not.
static void change(void) {
  int seen = atomic_load_explicit(&x, memory_order_acquire);
  while (!atomic_compare_exchange_strong_explicit(&x, &seen, seen + 10, RELAXED, RELAXED)) {
  }
  const int published = seen == 0 || atomic_load_explicit(&data, RELAXED) == 1;
  assert(published);
}
#elif defined(LEAVES)
// Who loads 2 is content.
static int plain;
static void change(void) {
  int seen = atomic_load(&x);
#if defined(WRITES)
  if (seen == 2) plain = 1;
#endif
  if (seen == 2) return;
  while (!atomic_compare_exchange_strong(&x, &seen, 9)) {
  }
  if (seen == 2 && plain == 0) assert(!"goes on");
}
#elif defined(REMEMBERS)
// What it has seen before the last value is never read by the loop, but after it.
static void change(void) {
  int seen = atomic_load(&x);
  const int first = seen;
  while (!atomic_compare_exchange_strong(&x, &seen, 9)) {
  }
  if (first == 0 && seen == 2) assert(!"took it from");
}
#elif defined(FOLLOWS)
// What it does next depends on the value before.
static void change(void) {
  int seen = atomic_load(&x), before = -1;
  for (;;) {
    const int expected = seen;
    if (atomic_compare_exchange_strong(&x, &seen, 9)) return;
    if (before == 0 && expected == 1 && seen == 2) assert(!"saw both");
    before = expected;
  }
}
#elif defined(LOOKS)
// Who loads 1 at once does not look at what is written once it has gone on.
static int plain, *looks_at = &plain;
static void change(void) {
  int seen = atomic_load_explicit(&x, RELAXED);
  if (seen == 0 && *looks_at == 7) return;
  while (!atomic_compare_exchange_strong_explicit(&x, &seen, seen + 10, RELAXED, RELAXED)) {
  }
}
static void* react(void* unused) {
  if (atomic_load_explicit(&x, RELAXED) == 11) *looks_at = 1;
  return unused;
}
#endif

int main(void) {
#if defined(ON_STACK)
  int local = 0;
  looks_at = &local;
#endif
  pthread_t writer;
  pthread_create(&writer, 0, write, 0);
#if defined(LOOKS)
  pthread_t reader;
  pthread_create(&reader, 0, react, 0);
#endif
  change();
  pthread_join(writer, 0);
#if defined(LOOKS)
  pthread_join(reader, 0);
#endif
  return 0;
}
