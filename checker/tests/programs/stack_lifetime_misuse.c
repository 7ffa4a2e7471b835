// Variables of functions that have returned when others use them, or may have.
// expect -DENDED: FAIL lifetime: thread 2 writes a variable on the stack of thread 1
// expect -DEARLIER: FAIL lifetime: thread 1 writes a variable on the stack of thread 2
// expect -DEXITED: FAIL lifetime: thread 2 writes a variable on the stack of thread 1
// expect -DRETURNED: FAIL lifetime: thread 1 writes a variable on the stack of main
// expect -DRELAXED: FAIL lifetime: thread 1 writes a variable on the stack of main
// expect -DATOMIC: FAIL lifetime: thread 1 atomically modifies a variable on the stack of main
// expect -DLOADED: FAIL lifetime: thread 1 atomically reads a variable on the stack of main
// expect -DTOO_LATE: FAIL lifetime: thread 1 reads a variable on the stack of main
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static _Atomic(int*) place;
static atomic_int done, other;

static void* lend(void* unused) {
  int mine = 0;
  atomic_store(&place, &mine);
#ifdef EXITED
  pthread_exit(NULL);
#endif
  return unused;
}

static void* use(void* unused) {
  int* const p = atomic_load(&place);
  if (p != NULL) *p = 42;
  return unused;
}

#ifdef RELAXED
#define ORDER memory_order_relaxed
#else
#define ORDER memory_order_seq_cst
#endif

static void* finish(void* argument) {
#if defined(ATOMIC)
  atomic_store((atomic_int*)argument, 1);
#elif defined(LOADED)
  atomic_store(&done, 1);
  if (atomic_load((atomic_int*)argument) == 1) return NULL;
#elif defined(TOO_LATE)
  *(int*)argument = 1;
  atomic_store(&done, 1);
  if (*(int*)argument == 1) return NULL;
#else
  *(int*)argument = 1;
  atomic_store_explicit(&done, 1, ORDER);
#endif
  return argument;
}

__attribute__((noinline)) static pthread_t start(void) {
  pthread_t t;
#if defined(ATOMIC) || defined(LOADED)
  atomic_int mine = 0;
#else
  int mine = 0;
#endif
  pthread_create(&t, NULL, finish, &mine);
#if defined(RELAXED) || defined(LOADED) || defined(TOO_LATE)
  while (atomic_load_explicit(&done, ORDER) == 0)
    ;
#endif
  return t;
}

int main(void) {
  pthread_t t[2];
#if defined(RETURNED) || defined(RELAXED) || defined(ATOMIC) || defined(LOADED) || \
    defined(TOO_LATE)
  t[0] = start();
  atomic_store(&other, 1);
  pthread_join(t[0], NULL);
#else
#ifdef EARLIER
  pthread_create(&t[0], NULL, use, NULL);
  pthread_create(&t[1], NULL, lend, NULL);
#else
  pthread_create(&t[0], NULL, lend, NULL);
  pthread_create(&t[1], NULL, use, NULL);
#endif
  pthread_join(t[0], NULL);
  pthread_join(t[1], NULL);
#endif
  return 0;
}
