// What a thread has left in registers and on its stack, and never reads, delays no loop: complete
// executions are those without failed iterations.
// expect -DSEQUENCE: PASS complete=2
// expect -DSEQUENCE -DCALLS: PASS complete=2
// expect -DTWO_FLAGS: PASS complete=1
// expect -DONE_OF_TWO: PASS complete=3
// expect -DMANY: PASS complete=1
// expect -DASSERTS: PASS complete=3
// expect -DREUSED --memory-model=sc: PASS complete=3
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int sequence, x, y, cells[8];
static int found;

#ifdef CALLS
__attribute__((noinline)) static int load(atomic_int* at) { return atomic_load(at); }
#else
static int load(atomic_int* at) { return atomic_load(at); }
#endif

#if defined(SEQUENCE)
static void write(void) {
  atomic_store(&sequence, 1);
  atomic_store(&x, 1);
  atomic_store(&y, 1);
  atomic_store(&sequence, 2);
}
static void read(void) {
  int before, a, b;
  do {
    do {
      before = load(&sequence);
    } while (before % 2 != 0);
    a = load(&x);
    b = load(&y);
  } while (load(&sequence) != before);
  found = a + 2 * b;
}
#elif defined(TWO_FLAGS)
static void write(void) {
  atomic_store(&x, 1);
  atomic_store(&y, 1);
}
static void read(void) {
  int a, b;
  do {
    a = load(&x);
    b = load(&y);
  } while (a == 0 || b == 0);
}
#elif defined(ONE_OF_TWO)
static void write(void) {
  atomic_store(&sequence, 1);
  atomic_store(&x, 1);
  atomic_store(&y, 1);
}
static void read(void) {
  int a, b, s;
  do {
    a = load(&x);
    b = load(&y);
    s = load(&sequence);
  } while (a == 0 && b == 0);
  found = a + 2 * b + 4 * s;
}
#elif defined(MANY)  // More than registers hold.
static void write(void) {
  for (int i = 0; i < 8; i += 3) atomic_store(&cells[i], 1);
}
static void read(void) {
  int c[8];
  do {
    c[0] = load(&cells[0]), c[1] = load(&cells[1]), c[2] = load(&cells[2]), c[3] = load(&cells[3]);
    c[4] = load(&cells[4]), c[5] = load(&cells[5]), c[6] = load(&cells[6]), c[7] = load(&cells[7]);
  } while (c[0] + c[1] + c[2] + c[3] + c[4] + c[5] + c[6] + c[7] != 3);
  found = c[0] ^ c[1] ^ c[2] ^ c[3] ^ c[4] ^ c[5] ^ c[6] ^ c[7];
}
#elif defined(ASSERTS)
static void write(void) {
  atomic_store(&x, 1);
  atomic_store(&sequence, 1);
  atomic_store(&x, 2);
  atomic_store(&sequence, 2);
}
static void read(void) {
  int s, a;
  do {
    s = load(&sequence);
    assert(s >= 0 && s <= 2);
    a = load(&x);
    assert(a >= s);
  } while (load(&sequence) != s || s == 0);
  found = a;
}
#elif defined(REUSED)  // What held an address of the stack holds numbers later.
static atomic_ullong top;
static int places[4];
static void write(void) {
  atomic_store(&top, 1);
  atomic_store(&top, 2 | 1ull << 32);
}
__attribute__((noipa)) static int take(atomic_ullong* from) {
  unsigned long long seen, next;
  do {
    seen = atomic_load(from);
    if ((unsigned)seen == 7) return 0;
    next = (unsigned)load(&cells[(unsigned)seen]) | ((seen >> 32) + 1) << 32;
  } while (!atomic_compare_exchange_strong(from, &seen, next));
  int me = 0;
  for (pthread_t t = pthread_self(); me < 4; ++me)
    if (places[me] == (int)t) break;
  for (int i = 0; i < 4; ++i)
    if (places[i] == 0) return places[i] = (int)seen + me;
  return 9;
}
static void read(void) { found = take(&top); }
#endif

static void* run_writer(void* unused) {
  write();
  return unused;
}
static void* run_reader(void* unused) {
  read();
  return unused;
}

int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], NULL, run_writer, NULL);
  pthread_create(&t[1], NULL, run_reader, NULL);
  return 0;
}
