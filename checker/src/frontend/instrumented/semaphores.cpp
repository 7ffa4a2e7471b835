// POSIX semaphores of the program.
#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include <pawl/check/sync/semaphore.hpp>

#include "atomic_hooks.hpp"
#include "caller.hpp"
#include "clocks.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

rt::atomic_object& object(const caller& c, const sem_t* s) {
  return c.object(s, rt::show_as::semaphore);
}

// Returns: as the functions of <semaphore.h> do.
int answer(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int begin(const caller& c, sem_t* s, unsigned value) {
  if (value > SEM_VALUE_MAX) return answer(EINVAL);
  c.begin(s, sizeof *s, rt::show_as::semaphore, value);
  return 0;
}

int destroy(const caller& c, const sem_t* s) {
  c.destroys(s);
  rt::atomic_end(object(c, s), c.where());
  return 0;
}

int acquire(const caller& c, const sem_t* s) {
  sync::acquire(object(c, s), c.where());
  return 0;
}

int try_acquire(const caller& c, const sem_t* s) {
  return answer(sync::try_acquire(object(c, s), c.where()) ? 0 : EAGAIN);
}

int acquire_until(const caller& c, const sem_t* s, clockid_t clock, const timespec* t) {
  const auto deadline = deadline_of(c, clock, t);
  if (!deadline) return answer(EINVAL);
  return answer(or_deadline(sync::try_acquire(object(c, s), c.where()), *deadline) ? 0 : ETIMEDOUT);
}

rt::word one_more(const rt::word*, rt::word v) { return v < SEM_VALUE_MAX ? v + 1 : v; }

// Release: for whoever acquires it, or what was released before it.
int release(const caller& c, const sem_t* s) {
  const rt::word before =
      rt::await_change(object(c, s), {any}, {one_more}, std::memory_order_release, c.where());
  return answer(before < SEM_VALUE_MAX ? 0 : EOVERFLOW);
}

// Relaxed: the value may be one of the past when it is returned.
int read_value(const caller& c, const sem_t* s, int* out) {
  c.put(out, rt::load(object(c, s), std::memory_order_relaxed, c.where()));
  return 0;
}

}  // namespace

PAWL_MODELS(c.models(s), int, sem_init, (sem_t * s, int shared, unsigned value), (s, shared, value),
            begin(c, s, value))
PAWL_MODELS(c.models(s), int, sem_destroy, (sem_t * s), (s), destroy(c, s))
PAWL_WAITS(c.models(s), int, sem_wait, (sem_t * s), (s), acquire(c, s))
PAWL_WAITS(c.models(s), int, sem_trywait, (sem_t * s), (s), try_acquire(c, s))
PAWL_MODELS(c.models(s), int, sem_timedwait, (sem_t * s, const timespec* t), (s, t),
            acquire_until(c, s, CLOCK_REALTIME, t))
PAWL_MODELS(c.models(s), int, sem_clockwait, (sem_t * s, clockid_t clock, const timespec* t),
            (s, clock, t), acquire_until(c, s, clock, t))
PAWL_MODELS(c.models(s), int, sem_post, (sem_t * s), (s), release(c, s))
PAWL_MODELS(c.models(s), int, sem_getvalue, (sem_t * s, int* out), (s, out), read_value(c, s, out))
