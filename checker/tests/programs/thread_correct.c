// Results, ends, names, detached threads, cleanup handlers.
// expect: PASS complete=2 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int done;
static pthread_t started;
static int cleaned;

// Who it is was stored before it began.
static void* returns(void* argument) {
  assert(pthread_equal(started, pthread_self()));
  return argument;
}

static void clean(void* how) { cleaned = cleaned * 10 + *(int*)how; }

static void deep(int n) {
  if (n == 0) pthread_exit(&done);
  deep(n - 1);
}

static void* exits(void* unused) {
  int one = 1, two = 2, three = 3;
  pthread_cleanup_push(clean, &one);
  pthread_cleanup_push(clean, &two);
  pthread_cleanup_push(clean, &three);
  pthread_cleanup_pop(0);
  deep(3);
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(0);
  return unused;
}

static void* detached(void* unused) {
  pthread_setname_np(pthread_self(), "goes alone");
  char name[16];
  pthread_getname_np(pthread_self(), name, sizeof name);
  assert(name[0] == 'g' && name[10] == 0);
  atomic_store(&done, 1);
  return unused;
}

int main(void) {
  pthread_t t[3];
  int argument;
  void* result;
  pthread_create(&started, NULL, returns, &argument);
  t[0] = started;
  assert(!pthread_equal(t[0], pthread_self()));
  assert(pthread_join(pthread_self(), &result) == EDEADLK);
  pthread_join(t[0], &result);
  assert(result == &argument);
  pthread_create(&t[1], NULL, exits, NULL);
  pthread_join(t[1], &result);
  assert(result == &done && cleaned == 21);
  pthread_create(&t[2], NULL, detached, NULL);
  pthread_detach(t[2]);
  sched_yield();
  if (atomic_load(&done) == 1) cleaned = 0;
  pthread_exit(NULL);
}
