// Mapped memory is zeroed memory in whole pages, which need not be given back; a file may be read.
// expect: PASS complete=2 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct shared {
  atomic_int taken;
  int* block;
};

static void* take(void* argument) {
  struct shared* const s = argument;
  if (atomic_fetch_add(&s->taken, 1) == 0) s->block = malloc(sizeof *s->block);
  return NULL;
}

static char* map(size_t size, int flags) {
  char* const p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
  assert(p != MAP_FAILED && (uintptr_t)p % 4096 == 0 && p[0] == 0 && p[size - 1] == 0);
  return p;
}

int main(void) {
  struct shared* const s = (struct shared*)map(sizeof *s, MAP_SHARED);  // Holds the only pointer.
  pthread_t a, b;
  pthread_create(&a, NULL, take, s);
  pthread_create(&b, NULL, take, s);
  pthread_join(a, NULL);
  pthread_join(b, NULL);

  char* const p = map(5000, MAP_PRIVATE);
  p[8191] = 1;
  assert(mprotect(p, 8192, PROT_READ | PROT_WRITE) == 0 && munmap(p, 5000) == 0);
  assert(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
  assert(errno == EINVAL);

  const int file = open(__FILE__, O_RDONLY);
  const char* const text = mmap(NULL, 100, PROT_READ, MAP_PRIVATE, file, 0);
  assert(text != MAP_FAILED && text[0] == '/' && text[1] == '/');
}
