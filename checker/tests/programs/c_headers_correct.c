// What other compilers' <stdatomic.h> brings is there without a header of its own.
// expect: PASS complete=2
#include <stdatomic.h>

struct pair {
  int32_t first, second;
};
static struct pair value = {1, 2};
static _Atomic(struct pair*) handed = NULL;

static int32_t second_of(const struct pair* p) {
  return *(const int32_t*)((const char*)p + (size_t)offsetof(struct pair, second));
}

#include <assert.h>
#include <pthread.h>

static void* hand(void* unused) {
  atomic_store(&handed, &value);
  return unused;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, hand, NULL);
  struct pair* const got = atomic_load(&handed);
  assert(got == NULL || second_of(got) == 2);
  pthread_join(t, NULL);
  return 0;
}
