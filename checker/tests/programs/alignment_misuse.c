// Alignments are powers of two.
// expect -DCALL=aligned_alloc: FAIL misuse: main asks for an alignment of 3
// expect -DCALL=memalign: FAIL misuse: main asks for an alignment of 3
// expect: PASS complete=1
#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

int main(void) {
#ifdef CALL
  free(CALL(3, 9));
#else
  void* p = &p;
  assert(posix_memalign(&p, 3, 9) == EINVAL && posix_memalign(&p, 4, 8) == EINVAL && p == &p);
  assert(posix_memalign(&p, 64, 9) == 0 && (uintptr_t)p % 64 == 0);
  free(p);
#endif
  return 0;
}
