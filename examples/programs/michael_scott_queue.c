/*
 * The queue of Michael and Scott: a list with a dummy in front, and a tail that may lag behind.
 *
 * The bug: the link to a new node is written with a relaxed compare-exchange. The consumer that
 * follows it reads a value whose write it need not see yet.
 *
 *   pawl check michael_scott_queue.c
 *   pawl check michael_scott_queue.c -- -DRELAXED_LINK
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef RELAXED_LINK
#define LINK_ORDER memory_order_relaxed
#else
#define LINK_ORDER memory_order_release
#endif

struct node {
  int value;
  _Atomic(struct node*) next;
};

/* Nodes are not used again: each is null at its end from the start, nobody has to know when it is
 * free, and the head may overtake the tail. */
static struct node nodes[3];
static _Atomic(struct node*) head = &nodes[0];
static _Atomic(struct node*) tail = &nodes[0];

static void advance_tail(struct node* from, struct node* to) {
  /* If this fails, somebody else has done it. */
  atomic_compare_exchange_strong_explicit(&tail, &from, to, memory_order_release,
                                          memory_order_relaxed);
}

static void enqueue(struct node* node, int value) {
  node->value = value;
  for (;;) {
    struct node* last = atomic_load_explicit(&tail, memory_order_acquire);
    struct node* next = atomic_load_explicit(&last->next, memory_order_acquire);
    if (next != NULL) {
      advance_tail(last, next);
    } else if (atomic_compare_exchange_strong_explicit(&last->next, &next, node, LINK_ORDER,
                                                       memory_order_relaxed)) {
      advance_tail(last, node);
      return;
    }
  }
}

static bool dequeue(int* value) {
  struct node* first = atomic_load_explicit(&head, memory_order_acquire);
  for (;;) {
    struct node* next = atomic_load_explicit(&first->next, memory_order_acquire);
    if (next == NULL) return false;
    if (atomic_compare_exchange_strong_explicit(&head, &first, next, memory_order_acq_rel,
                                                memory_order_acquire)) {
      *value = next->value;
      return true;
    }
  }
}

static void* produce(void* argument) {
  struct node* node = argument;
  enqueue(node, (int)(node - nodes) * 10);
  return NULL;
}

int main(void) {
  pthread_t producers[2];
  for (int i = 0; i < 2; ++i) pthread_create(&producers[i], NULL, produce, &nodes[i + 1]);
  int sum = 0;
  int value = 0;
  if (dequeue(&value)) sum += value;
  for (int i = 0; i < 2; ++i) pthread_join(producers[i], NULL);
  while (dequeue(&value)) sum += value;
  assert(sum == 30);
  return 0;
}
