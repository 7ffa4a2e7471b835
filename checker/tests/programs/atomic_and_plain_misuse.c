// A plain access beside an atomic one that has no other operation around it: whichever of the two
// threads comes first, and whatever part of the object it is.
// expect -DTHREAD_WRITES: FAIL data_race
// expect -DMAIN_WRITES: FAIL data_race
// expect -DTHREAD_READS: FAIL data_race
// expect -DEXCHANGES: FAIL data_race: main atomically modifies both
// expect -DBOTH_READ: PASS complete=1 blocked=0
// expect -DEXCHANGE_FAILS: PASS complete=1 blocked=0
#include <pthread.h>

long both;

#if defined MAIN_WRITES
static void* work(void* unused) {
  (void)__atomic_load_n(&both, __ATOMIC_SEQ_CST);
  return unused;
}
#elif defined THREAD_WRITES
static void* work(void* unused) {
  ((char*)&both)[5] = 1;
  return unused;
}
#else
static void* work(void* unused) {
  return ((volatile char*)&both)[5] == 1 ? NULL : unused;
}
#endif

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
#if defined MAIN_WRITES
  both = 1;
#elif defined THREAD_READS
  __atomic_store_n(&both, 0, __ATOMIC_SEQ_CST);
#elif defined EXCHANGES || defined EXCHANGE_FAILS
#ifdef EXCHANGES
  long expected = 0;
#else
  long expected = 9;  // Which it never is, so that nothing is written.
#endif
  __atomic_compare_exchange_n(&both, &expected, 6, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
#else
  (void)__atomic_load_n(&both, __ATOMIC_SEQ_CST);
#endif
  pthread_join(thread, NULL);
  return 0;
}
