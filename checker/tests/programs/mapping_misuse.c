// Mapped memory is looked at like any other; what cannot be is refused.
// expect race: FAIL data_race
// expect use: FAIL use_after_free: reads
// expect twice: FAIL double_free
// expect bounds: FAIL out_of_bounds
// expect free: FAIL invalid_free: main frees with free() what it allocated with mmap()
// expect unmap: FAIL invalid_free: main frees with munmap() what it allocated with malloc()
// expect part: FAIL limit: main calls munmap() for a part of what it mapped, which is not modelled
// expect Address: FAIL limit: main calls mmap() for an address, which is not modelled
// expect File: FAIL limit: main calls mmap() to write to what a file holds, which is not modelled
// expect Protect: FAIL limit: main calls mprotect() to protect memory, which is not modelled
// expect Remap: FAIL limit: main calls mremap(), which is not modelled
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

static int* map(int protection, int flags, int file) {
  return mmap(flags & MAP_FIXED ? (void*)0x10000000 : NULL, 8192, protection, flags, file, 0);
}

static void* count(void* p) {
  ++*(int*)p;
  return NULL;
}

int main(int argc, char** argv) {
  int* const p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  pthread_t t;
  switch (argc == 2 ? argv[1][0] : 0) {
    case 'r':
      pthread_create(&t, NULL, count, p);
      ++*p;
      pthread_join(t, NULL);
      break;
    case 'u':
      if (argv[1][1] == 'n') {
        munmap(malloc(4096), 4096);
      } else {
        munmap(p, 8192);
        return *p;
      }
      break;
    case 't':
      munmap(p, 8192);
      munmap(p, 8192);
      break;
    case 'b':
      return p[2048];
    case 'f':
      free(p);
      break;
    case 'p':
      munmap(p, 4096);
      break;
    case 'A':
      map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1);
      break;
    case 'F':
      map(PROT_READ | PROT_WRITE, MAP_SHARED, open(__FILE__, O_RDONLY));
      break;
    case 'P':
      mprotect(p, 4096, PROT_NONE);
      break;
    case 'R':
      mremap(p, 8192, 16384, MREMAP_MAYMOVE);
  }
  return 0;
}
