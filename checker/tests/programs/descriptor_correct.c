// What an execution has opened is closed after it, however it was opened: each finds the same
// numbers free.
// expect duplicate: PASS complete=6 blocked=0
// expect duplicate_from: PASS complete=6 blocked=0
// expect folder: PASS complete=6 blocked=0
// expect memory: PASS complete=6 blocked=0
// expect temporary: PASS complete=6 blocked=0
// expect stream: PASS complete=6 blocked=0
// expect closed: PASS complete=6 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int open_by(const char* way) {
  const int first = open("/dev/null", O_RDONLY);
  assert(first >= 0);
  if (strcmp(way, "duplicate") == 0) return dup(first);
  if (strcmp(way, "duplicate_from") == 0) return fcntl(first, F_DUPFD, first);
  if (strcmp(way, "memory") == 0) return memfd_create("memory", 0);
  if (strcmp(way, "temporary") == 0) return fileno(tmpfile());
  if (strcmp(way, "stream") == 0) return fileno(fdopen(first, "r")) + 1;
  DIR* const folder = opendir("/");
  assert(folder != NULL);
  const int file = dirfd(folder);
  if (strcmp(way, "closed") == 0) closedir(folder);
  return file;
}

static void* add(void* to) {
  atomic_fetch_add((atomic_int*)to, 1);
  return to;
}

int main(int argc, char** argv) {
  assert(argc == 2);
  const int before = open("/dev/null", O_RDONLY);
  close(before);
  const int after = open_by(argv[1]);
  atomic_int n = 0;
  pthread_t t[3];
  for (int i = 0; i < 3; ++i) pthread_create(&t[i], NULL, add, &n);
  for (int i = 0; i < 3; ++i) pthread_join(t[i], NULL);
  assert(after == before + 1 && before < 16);
}
