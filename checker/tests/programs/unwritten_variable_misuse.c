// Variables on stacks that others read, and nobody writes.
// expect -DNUMBER: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DLONG: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DREAL: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DPOINTER: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DCHOICE: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DTRUTH: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DATOMIC: FAIL lifetime: thread 2 atomically reads x, a variable on the stack of main
// expect -DBRANCH: FAIL lifetime: thread 2 reads x, a variable on the stack of main
// expect -DOTHER: FAIL lifetime: thread 2 reads x, a variable on the stack of thread 1
// expect -DNUMBER --memory-model=sc: FAIL lifetime: thread 2 reads x, a variable on the stack of
// expect -DNUMBER --strategy=random --executions=9: FAIL lifetime: thread 2 reads x, a variable
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum choice { one, another };

#if defined(LONG)
typedef unsigned long type;
#elif defined(REAL)
typedef double type;
#elif defined(POINTER)
typedef const char* type;
#elif defined(CHOICE)
typedef enum choice type;
#elif defined(TRUTH)
typedef bool type;
#elif defined(ATOMIC)
typedef atomic_int type;
#else
typedef int type;
#endif

static volatile int seen;
static _Atomic(int*) place;
static atomic_int decided, done;

static void* use(void* argument) {
  type r = *(type*)argument;
  if (r) seen = 1;
  return NULL;
}

static void* lend(void* unused) {
  int x;
  atomic_store(&place, &x);
  while (!atomic_load(&done));
  return unused;
}

static void* borrow(void* unused) {
  while (atomic_load(&place) == NULL);
  seen = *atomic_load(&place);
  atomic_store(&done, 1);
  return unused;
}

static void* decide(void* unused) {
  atomic_store(&decided, 1);
  return unused;
}

int main(void) {
  pthread_t t[2];
#ifdef OTHER
  pthread_create(&t[0], NULL, lend, NULL);
  pthread_create(&t[1], NULL, borrow, NULL);
#else
  type x;
#ifdef BRANCH
  pthread_create(&t[1], NULL, decide, NULL);
  if (atomic_load(&decided)) x = 1;
#else
  pthread_create(&t[1], NULL, decide, NULL);
#endif
  pthread_create(&t[0], NULL, use, &x);
#endif
  pthread_join(t[0], NULL);
  pthread_join(t[1], NULL);
  return 0;
}
