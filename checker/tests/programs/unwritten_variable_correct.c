// Memory on stacks that others read, of which some was not written by what the checker sees.
// expect: PASS complete=1 blocked=0
// expect --memory-model=sc: PASS complete=1 blocked=0
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct pair {
  int first, second;
};
union number {
  int whole;
  float real;
};

static volatile int seen;

static void run(void* (*body)(void*), void* argument) {
  pthread_t t;
  pthread_create(&t, NULL, body, argument);
  pthread_join(t, NULL);
}

static void* copy_pair(void* argument) {
  struct pair p = *(struct pair*)argument;
  seen = p.first;
  return NULL;
}

static void* copy_members(void* argument) {
  struct pair* p = argument;
  struct pair q;
  q.second = p->second;
  q.first = p->first;
  seen = q.first;
  return NULL;
}

static void* copy_elements(void* argument) {
  int* p = argument;
  int copy[4];
  for (int i = 0; i < 4; ++i) copy[i] = p[i];
  seen = copy[0];
  return NULL;
}

static void* copy_bytes(void* argument) {
  char copy[sizeof(int)];
  memcpy(copy, argument, sizeof copy);
  seen = copy[0] == copy[1];
  return NULL;
}

static void* read_number(void* argument) {
  seen = *(int*)argument;
  return NULL;
}

static void* read_real(void* argument) {
  seen = *(double*)argument > 0;
  return NULL;
}

static void* read_truth(void* argument) {
  seen = *(bool*)argument;
  return NULL;
}

static void* read_atomic(void* argument) {
  seen = atomic_load((atomic_int*)argument);
  return NULL;
}

static void* write_number(void* argument) {
  *(int*)argument = 5;
  return NULL;
}

static void* add(void* argument) {
  atomic_fetch_add((atomic_int*)argument, 1);
  return NULL;
}

__attribute__((noinline)) static void set(int* x) { __asm__ volatile("movl $6, %0" : "=m"(*x)); }

int main(int argc, char** argv) {
  struct pair pair;
  int elements[4], bytes, scanned, copied, exponent, chosen, by_thread, by_assembly, part;
  union number either;
  _Alignas(8) uint32_t hashed;
  double whole;
  bool truth;
  atomic_int counted;

  pair.first = 1;
  run(copy_members, &pair);
  run(copy_pair, &pair);
  elements[0] = 1;
  run(copy_elements, elements);
  run(copy_bytes, &bytes);
  either.whole = 1;
  run(read_number, &either);

  if (sscanf("7", "%d", &scanned) == 1) run(read_number, &scanned);
  memcpy(&copied, &argc, sizeof copied);
  run(read_number, &copied);
  seen = modf(frexp(argc, &exponent), &whole) > 0;
  run(read_number, &exponent);
  run(read_real, &whole);
  truth = argv[0] != NULL;
  run(read_truth, &truth);
  if (argc == 1)
    chosen = 1;
  else
    part = 1;
  run(read_number, argc == 1 ? &chosen : &part);
  run(write_number, &by_thread);
  run(read_number, &by_thread);
  atomic_init(&counted, 0);
  run(add, &counted);
  run(read_atomic, &counted);
  set(&by_assembly);
  run(read_number, &by_assembly);
  hashed = 0x9e3779b9 + (uint32_t)(uintptr_t)&hashed;
  run(read_number, &hashed);
  return 0;
}
