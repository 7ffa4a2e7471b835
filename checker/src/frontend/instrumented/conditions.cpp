#include "conditions.hpp"

#include <errno.h>

#include <pawl/check/claims.hpp>
#include <pawl/check/sync/condition_variable.hpp>

#include "clocks.hpp"
#include "program.hpp"

namespace pawl::check::instrumented {
namespace {

rt::atomic_object& object(const caller& c, const pthread_cond_t* v) {
  return c.object(v, rt::show_as::condition);
}

// pthread_cond_init() leaves it for the C library to read.
clockid_t clock_of(const pthread_cond_t* v) {
  return (v->__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

// Waits of each thread that have ended without a notification.
per_thread<unsigned> by_chance;

// It has unlocked the mutex, and somebody else may have come. A notification of that time is not
// for it.
bool ends_by_chance(const caller& c, const pthread_mutex_t* m) {
  unsigned& n = by_chance.mine(c);
  if (n == the_program->settings().spurious_wakeups || choose(2, c.where()) == 0) return false;
  ++n;
  unlock_to_wait(c, m);
  lock(c, m);
  return true;
}

int begin(const caller& c, pthread_cond_t* v, const pthread_condattr_t* attributes) {
  begin_condition(c, v);
  return PAWL_BEHIND(pthread_cond_init)(v, attributes);
}

}  // namespace

int begin_condition(const caller& c, const pthread_cond_t* v) {
  c.begin(v, sizeof *v, rt::show_as::condition);
  return 0;
}

int wait(const caller& c, const pthread_cond_t* v, const pthread_mutex_t* m) {
  rt::atomic_object& o = object(c, v);
  if (ends_by_chance(c, m)) return 0;
  sync::begin_wait(o, c.where());
  unlock_to_wait(c, m);
  sync::await_notification(o, c.where());
  return lock(c, m);
}

int wait_until(const caller& c, const pthread_cond_t* v, const pthread_mutex_t* m, clockid_t clock,
               const timespec* t) {
  const auto deadline = deadline_of(c, clock, t);
  if (!deadline) return EINVAL;
  rt::atomic_object& o = object(c, v);
  if (ends_by_chance(c, m)) return 0;
  sync::begin_wait(o, c.where());
  unlock_to_wait(c, m);
  const bool was_notified = sync::await_notification_until(o, *deadline, c.where());
  lock(c, m);
  return was_notified ? 0 : ETIMEDOUT;
}

int notify_one(const caller& c, const pthread_cond_t* v) {
  sync::notify_one(object(c, v), c.where());
  return 0;
}

int notify_all(const caller& c, const pthread_cond_t* v) {
  sync::notify_all(object(c, v), c.where());
  return 0;
}

int destroy(const caller& c, const pthread_cond_t* v) {
  sync::end_condition(object(c, v), c.where());
  return 0;
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

PAWL_MODELS(c.models(v), int, pthread_cond_init,
            (pthread_cond_t * v, const pthread_condattr_t* attributes), (v, attributes),
            begin(c, v, attributes))
// Constructors of std::condition_variable, as a whole and as a part of another object.
#define PAWL_CONSTRUCTOR(name, symbol)                  \
  PAWL_HOOK void name(pthread_cond_t*) __asm__(symbol); \
  void name(pthread_cond_t* v) {                        \
    const caller c(__builtin_return_address(0));        \
    if (c.models(v)) begin_condition(c, v);             \
    *v = PTHREAD_COND_INITIALIZER;                      \
  }
PAWL_CONSTRUCTOR(construct_condition, "_ZNSt18condition_variableC1Ev")
PAWL_CONSTRUCTOR(construct_condition_part, "_ZNSt18condition_variableC2Ev")

PAWL_MODELS(c.models(v), int, pthread_cond_destroy, (pthread_cond_t * v), (v), destroy(c, v))
PAWL_MODELS(c.models(v), int, pthread_cond_wait, (pthread_cond_t * v, pthread_mutex_t* m), (v, m),
            wait(c, v, m))
PAWL_MODELS(c.models(v), int, pthread_cond_timedwait,
            (pthread_cond_t * v, pthread_mutex_t* m, const timespec* t), (v, m, t),
            wait_until(c, v, m, clock_of(v), t))
PAWL_MODELS(c.models(v), int, pthread_cond_clockwait,
            (pthread_cond_t * v, pthread_mutex_t* m, clockid_t clock, const timespec* t),
            (v, m, clock, t), wait_until(c, v, m, clock, t))
PAWL_MODELS(c.models(v), int, pthread_cond_signal, (pthread_cond_t * v), (v), notify_one(c, v))
PAWL_MODELS(c.models(v), int, pthread_cond_broadcast, (pthread_cond_t * v), (v), notify_all(c, v))
