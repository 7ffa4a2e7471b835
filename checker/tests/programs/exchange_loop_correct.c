// Loops of compare-exchanges. Where an attempt loads anew what it expects, one that fails leaves
// nothing behind; where it goes on with what it saw, it stands where the load could have led at
// once. Only those count that succeed.
// expect: PASS complete=6
// expect --memory-model=sc: PASS complete=6
// expect -DSTARTS_AT_0: PASS complete=6
// expect -DCHOOSES: PASS complete=6
// expect -DRELOADS: PASS complete=6
// expect -DRELOADS --memory-model=sc: PASS complete=6
// expect -DWEAK: PASS complete=6
// expect -DMAXIMUM: PASS
// expect -DCOUNTS: PASS
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

atomic_int x;

void increment(int times) {
  for (int i = 0; i < times; ++i) {
#if defined(RELOADS)
    int seen;
    do {
      seen = atomic_load(&x);
    } while (!atomic_compare_exchange_strong(&x, &seen, seen + 1));
#elif defined(WEAK)
    int seen = atomic_load_explicit(&x, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&x, &seen, seen + 1, memory_order_acq_rel,
                                                  memory_order_relaxed)) {
    }
#elif defined(STARTS_AT_0)
    int seen = 0;
    while (!atomic_compare_exchange_strong(&x, &seen, seen + 1)) {
    }
#elif defined(CHOOSES)
    int seen = atomic_load(&x);
    for (;;) {
      if (seen == 1) {
        if (atomic_compare_exchange_strong(&x, &seen, 2)) break;
      } else {
        if (atomic_compare_exchange_strong(&x, &seen, seen + 1)) break;
      }
    }
#else
    int seen = atomic_load(&x);
    while (!atomic_compare_exchange_strong(&x, &seen, seen + 1)) {
    }
#endif
  }
}

#if defined(COUNTS)
// What an attempt does besides is not lost: each of them counts.
int attempts[3];
void* body(void* n) {
  int seen = atomic_load(&x);
  do {
    ++*(int*)n;
  } while (!atomic_compare_exchange_strong(&x, &seen, seen + 1));
  return 0;
}
#elif defined(MAXIMUM)
atomic_int largest;
void* body(void* n) {
  const int value = *(int*)n;
  int seen = atomic_load(&largest);
  while (seen < value && !atomic_compare_exchange_strong(&largest, &seen, value)) {
  }
  atomic_fetch_add(&x, 1);
  return 0;
}
int attempts[3] = {1, 2, 3};
#else
int attempts[3];
void* body(void* n) {
  (void)n;
  increment(1);
  return 0;
}
#endif

int main(void) {
  pthread_t t[3];
  for (int i = 0; i < 3; ++i) pthread_create(&t[i], 0, body, &attempts[i]);
  for (int i = 0; i < 3; ++i) pthread_join(t[i], 0);
  assert(atomic_load(&x) == 3);
#if defined(COUNTS)
  for (int i = 0; i < 3; ++i) assert(attempts[i] >= 1 && attempts[i] <= 3);
#elif defined(MAXIMUM)
  assert(atomic_load(&largest) == 3);
#endif
  return 0;
}
