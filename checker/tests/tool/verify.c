// What programs may tell the checker, a case each.
#include <assert.h>
#include <genmc.h>
#include <stdatomic.h>
#include <stdlib.h>

atomic_int x, y;
int plain;

void* add(void* unused) {
  atomic_fetch_add(&x, 1);
  return unused;
}

void* guarded(void* unused) {
  __VERIFIER_atomic_begin();
  ++plain;
  __VERIFIER_atomic_end();
  return unused;
}

void symmetric(void) {
  pthread_t a = __VERIFIER_spawn(add, 0);
  pthread_t b = __VERIFIER_spawn_symmetric(add, 0, a);
  pthread_t c = __VERIFIER_spawn_symmetric(add, 0, b);
  __VERIFIER_join(a);
  __VERIFIER_join(b);
  __VERIFIER_join_symmetric(c);
  __VERIFIER_assert(x == 3);
}

void unknown(void) {
  int v = __VERIFIER_nondet_int();
  unsigned w = __VERIFIER_nondet_uint();
  _Bool b = __VERIFIER_nondet_bool();
  __VERIFIER_assume(v >= 0);
  assert(!(v == 3 && w == 3 && b));
}

void section(void) {
  pthread_t a = __VERIFIER_spawn(guarded, 0), b = __VERIFIER_spawn(guarded, 0);
  __VERIFIER_join(a);
  __VERIFIER_join(b);
  pawl_atomic_begin();
  assert(plain == 2);
  pawl_atomic_end();
}

void spin(void) {
  pthread_t a = __VERIFIER_spawn(add, 0);
  __VERIFIER_loop_begin();
  for (int ends = 0; !ends;) {
    __VERIFIER_spin_start();
    ends = atomic_load(&x) == 1;
    __VERIFIER_spin_end(ends);
  }
  __VERIFIER_join(a);
}

void names(void) {
  pawl_name(&y, "the flag");
  pawl_name_thread("boss");
  atomic_store(&y, pawl_choose(3));
  if (atomic_load(&y) == 2) __VERIFIER_error();
}

_Atomic(int*) published;

void* reader(void* unused) {
  __VERIFIER_hp_t* hazard = __VERIFIER_hp_alloc();
  int* p = __VERIFIER_hp_protect(hazard, &published);
  assert(p == NULL || *p == 5);
  __VERIFIER_hp_clear(hazard);
  __VERIFIER_hp_free(hazard);
  return unused;
}

void hazard(int times) {
  int* p = malloc(sizeof *p);
  *p = 5;
  atomic_store(&published, p);
  pthread_t a = __VERIFIER_spawn(reader, 0);
  atomic_store(&published, NULL);
  while (times-- > 0) __VERIFIER_hp_retire(p);
  __VERIFIER_join(a);
}

int main(void) {
  switch (CASE) {
    case 1:
      symmetric();
      break;
    case 2:
      unknown();
      break;
    case 3:
      section();
      break;
    case 4:
      pawl_atomic_begin();
      pawl_atomic_begin();
      break;
    case 5:
      pawl_atomic_end();
      break;
    case 6:
      spin();
      break;
    case 7:
      names();
      break;
    case 8:
      pawl_await(atomic_load(&x) == 1);
      break;
    case 9:
      pawl_choose(0);
      break;
    case 10:
      pawl_fail("this can't be");
    case 11:
      hazard(1);
      break;
    case 12:
      hazard(2);
  }
  return 0;
}
