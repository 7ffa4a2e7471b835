// What a thread can still read is part of its state: a loop that only changes that does not spin.
// expect -DCOUNTS: FAIL assertion: !"gives up"
// expect -DCOUNTS_IN_MEMORY: FAIL assertion: !"gives up"
// expect -DCOUNTS_ELSEWHERE: FAIL assertion: !"gives up"
// expect -DFOLLOWS: FAIL assertion: !"arrives"
// expect -DTAKES_TURNS: FAIL assertion: !"finds it"
// expect -DJUMPS_BACK: FAIL assertion: !"gives up"
// expect -DPASSES_ON_THE_STACK: FAIL assertion: !"gives up"
#include <assert.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdnoreturn.h>

static atomic_int go, flag, other;
static atomic_int next[] = {1, 2, 3, 4, 5, 5};

#if defined(COUNTS)
static void spin(void) {
  int times = 0;
  while (atomic_load(&flag) == 0)
    if (++times == 9) assert(!"gives up");
}
#elif defined(COUNTS_IN_MEMORY)
static void spin(void) {
  int a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6;
  while (atomic_load(&flag) == 0) {
    ++a, b += a, c += b, d += c, e += d, f += e, g += f;
    if (a == 9) {
      atomic_store(&other, b ^ c ^ d ^ e ^ f ^ g);
      assert(!"gives up");
    }
  }
}
#elif defined(COUNTS_ELSEWHERE)
__attribute__((noinline)) static void count(int* times) {
  if (++*times == 9) assert(!"gives up");
}
static void spin(void) {
  int times = 0;
  while (atomic_load(&flag) == 0) count(&times);
}
#elif defined(FOLLOWS)
// Where it stands is known to the next load alone.
static void spin(void) {
  int at = 0;
  do {
    at = atomic_load(&next[at]);
  } while (at != 5);
  assert(!"arrives");
}
#elif defined(TAKES_TURNS)
static void spin(void) {
  atomic_int* at = &flag;
  atomic_int* then = &other;
  while (atomic_load(at) < 2) {
    atomic_int* const now = at;
    at = then;
    then = now;
  }
  assert(!"finds it");
}
#elif defined(JUMPS_BACK)
// No path through the code of spin() leads from the load back to where `times` is read.
static jmp_buf here;
__attribute__((noinline)) static noreturn void again(void) { longjmp(here, 1); }
static void spin(void) {
  volatile int times = 0;
  if (setjmp(here) != 0 && ++times == 9) assert(!"gives up");
  if (atomic_load(&flag) == 0) again();
}
#elif defined(PASSES_ON_THE_STACK)
struct numbers {
  long n[6];
};
__attribute__((noinline)) static int look(struct numbers s) {
  return atomic_load(&flag) == 0 && s.n[5] != 9;
}
static void spin(void) {
  struct numbers s = {{0}};
  while (look(s)) ++s.n[5];
  if (s.n[5] == 9) assert(!"gives up");
}
#endif

static void* run(void* unused) {
  while (atomic_load(&go) == 0) {  // From now on states are looked at.
  }
  spin();
  return unused;
}

static void* start(void* unused) {
  atomic_store(&other, 2);
  atomic_store(&go, 1);
  return unused;
}

int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], NULL, run, NULL);
  pthread_create(&t[1], NULL, start, NULL);
  return 0;
}
