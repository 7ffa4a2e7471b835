// What a compare-exchange expects is read, and written where it fails: plainly, whatever the object
// is.
// expect: FAIL data_race: expected
// expect -DREADS: FAIL data_race: expected
// expect -DON_STACK: FAIL data_race: main writes mine
// expect -DLARGE -mcx16: FAIL data_race: large_expected
// expect -DFREED: FAIL data_race: while main frees it
// expect --races=explore -DCOUNTS: FAIL assertion: expected == 2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int object;
static int expected = 1;
static int* where = &expected;
static _Alignas(16) __int128 large;
static __int128 large_expected = 1;

static void* work(void* unused) {
#if defined READS
  return expected == 2 ? NULL : unused;
#elif defined COUNTS
  ++expected;
#elif defined LARGE
  __atomic_compare_exchange_n(&large, &large_expected, 3, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
#else
  atomic_compare_exchange_strong(&object, where, 3);
#endif
  return unused;
}

int main(void) {
  pthread_t thread;
#if defined ON_STACK
  int mine = 1;
  where = &mine;
#elif defined FREED
  where = malloc(sizeof *where);
  *where = 1;
#elif defined COUNTS
  expected = 1;
  object = 5;
#endif
  pthread_create(&thread, NULL, work, NULL);
#if defined LARGE
  __atomic_compare_exchange_n(&large, &large_expected, 3, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
#elif defined FREED
  free(where);
#elif defined COUNTS
  atomic_compare_exchange_strong(&object, &expected, 3);
#else
  atomic_compare_exchange_strong(&object, where, 3);
#endif
  pthread_join(thread, NULL);
#ifdef COUNTS
  assert(expected == 2 || expected == 5 || expected == 6);
  assert(expected == 2);
#endif
  return 0;
}
