// An update whose result is used only behind the call of another function.
// expect: FAIL assertion: seen == 0
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, stop;
static int seen;

__attribute__((noinline)) static void pause_a_moment(void) { __asm__ volatile("pause"); }

static void* poll(void* unused) {
  while (!stop) {
    atomic_fetch_add(&x, 1);
    atomic_fetch_sub(&x, 1);
  }
  return unused;
}

static void* add(void* unused) {
  const int before = atomic_fetch_add(&x, 4);
  pause_a_moment();
  seen = before & 3;
  return unused;
}

static void* end(void* unused) {
  stop = 1;
  return unused;
}

int main(void) {
  void* (*const all[])(void*) = {poll, add, end};
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, all[i], NULL);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  assert(seen == 0);
  return 0;
}
