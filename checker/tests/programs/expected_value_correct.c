// Nobody else writes what a compare-exchange expects while it is read, wherever that lies.
// expect: PASS complete=4 blocked=0
// expect -DORDERED: PASS complete=2 blocked=0
// expect -DSUCCEEDS: PASS complete=1 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct node {
  struct node* next;
};
static _Atomic(struct node*) top;

static atomic_int object;
static int expected;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void push(void) {
  struct node* const node = malloc(sizeof *node);
  node->next = atomic_load(&top);
  while (!atomic_compare_exchange_weak(&top, &node->next, node)) {
  }
}

static void* work(void* unused) {
#if defined ORDERED
  pthread_mutex_lock(&mutex);
  atomic_compare_exchange_strong(&object, &expected, expected + 1);
  pthread_mutex_unlock(&mutex);
#elif defined SUCCEEDS
  return expected == 2 ? NULL : unused;
#else
  push();
#endif
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
#ifdef SUCCEEDS
  atomic_compare_exchange_strong(&object, &expected, 3);
#else
  work(NULL);
#endif
  pthread_join(thread, NULL);
  for (struct node *next, *each = top; each != NULL; each = next) {
    next = each->next;
    free(each);
  }
  return 0;
}
