// What a loop has changed of its process while it waited is changed. One iteration more changes
// nothing.
// expect environment: FAIL assertion: getenv("PAWL_SET") == NULL
// expect folder: FAIL assertion: strcmp(getcwd(path, sizeof path), "/") != 0
// expect locale: FAIL assertion: strcmp(setlocale(LC_ALL, NULL), "C") == 0
// expect mask: FAIL assertion: umask(0) != 0777
// expect --unroll=9 numbers: FAIL assertion: number != rand()
// expect input: FAIL limit: thread 1 reopens a standard stream
#define _GNU_SOURCE
#include <assert.h>
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

static void* waiter(void* unused) {
  srand(2);
  while (!atomic_load(&done)) {
    if (kind == 'e') setenv("PAWL_SET", "1", 1);
    if (kind == 'f' && chdir("/") != 0) abort();
    if (kind == 'l') setlocale(LC_ALL, "C.UTF-8");
    if (kind == 'm') umask(0777);
    if (kind == 'n') srand(1);
    if (kind == 'i') freopen("/dev/null", "r", stdin);
  }
  char path[4096];
  assert(getenv("PAWL_SET") == NULL);
  assert(strcmp(getcwd(path, sizeof path), "/") != 0);
  assert(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
  assert(umask(0) != 0777);
  const int number = rand();
  srand(1);
  assert(number != rand());
  return unused;
}

int main(int argc, char** argv) {
  assert(argc == 2);
  kind = argv[1][0];
  pthread_t t;
  pthread_create(&t, NULL, waiter, NULL);
  atomic_store(&done, 1);
  pthread_join(t, NULL);
}
