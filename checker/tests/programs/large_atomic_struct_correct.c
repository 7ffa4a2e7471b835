// C11 atomic structs of 16 and 24 bytes.
// expect 16: PASS complete=2 blocked=0
// expect 24: PASS complete=2 blocked=0
// expect exchange: PASS complete=2 blocked=0
// expect spin: PASS complete=2 blocked=1
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct pair {
  long a, b;
};
struct triple {
  long a, b, c;
};

_Atomic struct pair pair;
_Atomic struct triple triple;
int data;

static void* store_pair(void* unused) {
  data = 1;
  atomic_store_explicit(&pair, ((struct pair){1, 2}), memory_order_release);
  return unused;
}
static void* store_triple(void* unused) {
  data = 1;
  triple = (struct triple){4, 5, 6};
  return unused;
}
static void* replace(void* at) {
  const struct triple before =
      atomic_exchange((_Atomic struct triple*)at, ((struct triple){7, 8, 9}));
  assert(before.b == 2 || before.b == 5);
  return NULL;
}

int main(int count, char** arguments) {
  (void)count;
  const char* const how = arguments[1];
  pthread_t t;
  if (strcmp(how, "16") == 0) {
    pthread_create(&t, NULL, store_pair, NULL);
    const struct pair p = atomic_load_explicit(&pair, memory_order_acquire);
    assert(p.a == 0 ? p.b == 0 : p.b == 2 && data == 1);
    pthread_join(t, NULL);
  } else if (strcmp(how, "24") == 0) {
    pthread_create(&t, NULL, store_triple, NULL);
    const struct triple p = triple;
    assert(p.a == 0 ? p.c == 0 : p.c == 6 && data == 1);
    pthread_join(t, NULL);
  } else if (strcmp(how, "exchange") == 0) {
    _Atomic struct triple* const p = malloc(sizeof *p);
    atomic_init(p, ((struct triple){1, 2, 3}));
    pthread_create(&t, NULL, replace, p);
    struct triple expected = {1, 2, 3};
    if (!atomic_compare_exchange_strong(p, &expected, ((struct triple){4, 5, 6})))
      assert(expected.c == 9);
    pthread_join(t, NULL);
    assert(atomic_load(p).a == (expected.a == 1 ? 7 : expected.a));
    free(p);
  } else {
    pthread_create(&t, NULL, store_triple, NULL);
    while (atomic_load_explicit(&triple, memory_order_acquire).a != 4) {
    }
    assert(data == 1);
    struct triple expected;
    do expected = (struct triple){4, 5, 6};
    while (!atomic_compare_exchange_strong(&triple, &expected, expected));
    pthread_join(t, NULL);
  }
}
