// What a loop has changed of its process while it waited is changed. One iteration more changes
// nothing.
// expect environment: FAIL assertion: getenv("PAWL_SET") == NULL
// expect folder: FAIL assertion: strcmp(getcwd(path, sizeof path), "/") != 0
// expect locale: FAIL assertion: strcmp(setlocale(LC_ALL, NULL), "C") == 0
// expect mask: FAIL assertion: umask(0) != 0777
// expect --unroll=9 numbers: FAIL assertion: number != rand()
// expect --unroll=9 -DMATH -lm rounding: FAIL assertion: fegetround() != FE_UPWARD
// expect --unroll=9 -DMATH -lm overflow: FAIL assertion: fetestexcept(FE_OVERFLOW) == 0
// expect --unroll=9 texts: FAIL assertion: uselocale(NULL) != other
// expect input: FAIL limit: thread 1 reopens a standard stream
#define _GNU_SOURCE
#include <assert.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int done;
static char kind;
static locale_t other;

static void* waiter(void* unused) {
  srand(2);
  while (!atomic_load(&done)) {
    if (kind == 'e') setenv("PAWL_SET", "1", 1);
    if (kind == 'f' && chdir("/") != 0) abort();
    if (kind == 'l') setlocale(LC_ALL, "C.UTF-8");
    if (kind == 'm') umask(0777);
    if (kind == 'n') srand(1);
#ifdef MATH
    if (kind == 'r') fesetround(FE_UPWARD);
    if (kind == 'o') feraiseexcept(FE_OVERFLOW);
#endif
    if (kind == 't') uselocale(other);
    if (kind == 'i') freopen("/dev/null", "r", stdin);
  }
  char path[4096];
  assert(getenv("PAWL_SET") == NULL);
  assert(strcmp(getcwd(path, sizeof path), "/") != 0);
  assert(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
  assert(umask(0) != 0777);
#ifdef MATH
  assert(fegetround() != FE_UPWARD);
  assert(fetestexcept(FE_OVERFLOW) == 0);
#endif
  assert(uselocale(NULL) != other);
  const int number = rand();
  srand(1);
  assert(number != rand());
  return unused;
}

int main(int argc, char** argv) {
  assert(argc == 2);
  kind = argv[1][0];
  other = newlocale(LC_ALL_MASK, "C.UTF-8", NULL);
  pthread_t t;
  pthread_create(&t, NULL, waiter, NULL);
  atomic_store(&done, 1);
  pthread_join(t, NULL);
  freelocale(other);
}
