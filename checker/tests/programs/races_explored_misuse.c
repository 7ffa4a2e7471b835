// Where races are explored, what goes wrong because of them is found, and what is no race of plain
// accesses stays a failure.
// expect: FAIL data_race: count
// expect --races=explore: FAIL assertion: count == 2
// expect --races=explore -DSTALE: FAIL assertion: data == 1
// expect --races=explore --memory-model=sc -DSTALE: PASS complete=1 blocked=1
// expect --races=explore -DFREES: FAIL data_race
// expect --races=explore -DLATER: FAIL use_after_free
// expect --races=explore -DHALVES: FAIL misuse: with another size
// expect --races=explore -DASSUMES: FAIL assertion: count == 0
// expect --races=explore -DCOMPARES: FAIL limit: lets a function of a library read
// expect --races=explore -DFOR_EVER: FAIL deadlock
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <pawl/verify.h>
#include <stdlib.h>
#include <string.h>

static volatile int count, flag, data;
static int* block;
static union { volatile long whole; volatile int half[2]; } both;

static void* first(void* unused) {
#if defined STALE
  data = 1;
  flag = 1;
#elif defined FREES || defined LATER
  *block = 1;
#elif defined HALVES
  both.half[0] = 1;
#elif defined ASSUMES
  count = 1;
  pawl_assume(0);
#elif defined COMPARES
  flag = 1;
#elif !defined FOR_EVER
  ++count;
#endif
  return unused;
}

static void* second(void* unused) {
#if defined STALE
  while (!flag);
  assert(data == 1);
#elif defined FREES
  free(block);
#elif defined LATER
  const int seen = *block;
  (void)seen;
#elif defined ASSUMES
  assert(count == 0);
#elif defined COMPARES
  data = memcmp((const void*)&flag, (const void*)&count, sizeof flag);
#elif defined HALVES
  __atomic_store_n(&both.whole, 1, __ATOMIC_RELAXED);
#elif defined FOR_EVER
  while (!flag);
#else
  ++count;
#endif
  return unused;
}

int main(void) {
  pthread_t one, other;
  block = malloc(sizeof *block);
  *block = 0;
  pthread_create(&one, NULL, first, NULL);
  pthread_create(&other, NULL, second, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
#if defined LATER
  free(block);
  *block = 2;
#elif !defined FREES
  free(block);
#endif
#if !defined STALE && !defined FREES && !defined LATER && !defined HALVES && !defined FOR_EVER && \
    !defined ASSUMES && !defined COMPARES
  assert(count == 2);
#endif
  return 0;
}
