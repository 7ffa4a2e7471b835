#include "locks.hpp"

#include <errno.h>

#include <pawl/check/sync/mutex.hpp>

#include "clocks.hpp"

namespace pawl::check::instrumented {
namespace {

using sync::holder;
using sync::holder_in;
using sync::word;

rt::atomic_object& object(const caller& c, const void* m) {
  return c.object(m, rt::show_as::mutex);
}

bool is_free_or_mine(const word* mine, word v) { return v == 0 || holder_in(v) == *mine; }
bool is_mine(const word* mine, word v) { return holder_in(v) == *mine; }
word make_mine(const word* mine, word) { return *mine; }
word make_free(const word*, word) { return 0; }

// Returns: EDEADLK if the caller holds it. Acquire: as any lock.
int lock_checked(const caller& c, const pthread_mutex_t* m) {
  const word me = holder(c.thread());
  const word before = rt::await_change(object(c, m), {is_free_or_mine, {me}}, {make_mine, {me}},
                                       std::memory_order_acquire, c.where());
  return before == me ? EDEADLK : 0;
}

// Returns: EPERM if the caller does not hold it. Release: as any unlock.
int unlock_checked(const caller& c, const pthread_mutex_t* m) {
  return rt::try_update(object(c, m), {is_mine, {holder(c.thread())}}, {make_free},
                        std::memory_order_release, c.where())
                 .wrote
             ? 0
             : EPERM;
}

bool is_recursive(const pthread_mutex_t* m) { return kind_of(m) == mutex_kind::recursive; }

}  // namespace

// pthread_mutex_init() and the static initialisers leave it for the C library to read.
mutex_kind kind_of(const pthread_mutex_t* m) {
  switch (m->__data.__kind & 3) {
    case PTHREAD_MUTEX_RECURSIVE:
      return mutex_kind::recursive;
    case PTHREAD_MUTEX_ERRORCHECK:
      return mutex_kind::checked;
    default:
      return mutex_kind::normal;
  }
}

int lock(const caller& c, const pthread_mutex_t* m) {
  if (kind_of(m) == mutex_kind::checked) return lock_checked(c, m);
  sync::lock(object(c, m), is_recursive(m), c.where());
  return 0;
}

int try_lock(const caller& c, const pthread_mutex_t* m) {
  return sync::try_lock(object(c, m), is_recursive(m), c.where()) ? 0 : EBUSY;
}

int lock_until(const caller& c, const pthread_mutex_t* m, clockid_t clock, const timespec* t) {
  const auto deadline = deadline_of(c, clock, t);
  if (!deadline) return EINVAL;
  return or_deadline(sync::try_lock(object(c, m), is_recursive(m), c.where()), *deadline)
             ? 0
             : ETIMEDOUT;
}

int unlock(const caller& c, const pthread_mutex_t* m) {
  if (kind_of(m) == mutex_kind::checked) return unlock_checked(c, m);
  sync::unlock(object(c, m), is_recursive(m), c.where());
  return 0;
}

void unlock_to_wait(const caller& c, const pthread_mutex_t* m) {
  sync::unlock(object(c, m), is_recursive(m), c.where(), "waits with");
}

int destroy(const caller& c, const pthread_mutex_t* m) {
  c.destroys(m);
  sync::end_mutex(object(c, m), c.where());
  return 0;
}

// Of a mutex that is there already, and held, as far as the caller can know.
static void check_free(const caller& c, const pthread_mutex_t* m) {
  const auto& known = c.run().known.infos;
  for (engine::location_id l = 0; l < known.size(); ++l) {
    const rt::atomic_object* const o = known[l].object;
    const bool is_meant = o != nullptr && o->run == c.run().course.number && o->location == l &&
                          o->show == rt::show_as::mutex && the_shadow.address_of(*o) == m;
    if (!is_meant) continue;
    if (const word v = c.run().visible_value(l); v != 0)
      rt::misuse(*o, "initialises", v, c.where());
  }
}

int begin_mutex(const caller& c, pthread_mutex_t* m, const pthread_mutexattr_t* attributes) {
  check_free(c, m);
  c.begin(m, sizeof *m, rt::show_as::mutex);
  int robust = PTHREAD_MUTEX_STALLED;
  if (attributes != nullptr) pthread_mutexattr_getrobust(attributes, &robust);
  if (robust != PTHREAD_MUTEX_STALLED) c.refuse("pthread_mutexattr_setrobust");
  return PAWL_BEHIND(pthread_mutex_init)(m, attributes);
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

PAWL_MODELS(c.models(m), int, pthread_mutex_init,
            (pthread_mutex_t * m, const pthread_mutexattr_t* attributes), (m, attributes),
            begin_mutex(c, m, attributes))
PAWL_MODELS(c.models(m), int, pthread_mutex_destroy, (pthread_mutex_t * m), (m), destroy(c, m))
PAWL_WAITS(c.models(m), int, pthread_mutex_lock, (pthread_mutex_t * m), (m), lock(c, m))
PAWL_WAITS(c.models(m), int, pthread_mutex_trylock, (pthread_mutex_t * m), (m), try_lock(c, m))
PAWL_MODELS(c.models(m), int, pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t),
            (m, t), lock_until(c, m, CLOCK_REALTIME, t))
PAWL_MODELS(c.models(m), int, pthread_mutex_clocklock,
            (pthread_mutex_t * m, clockid_t clock, const timespec* t), (m, clock, t),
            lock_until(c, m, clock, t))
PAWL_MODELS(c.models(m), int, pthread_mutex_unlock, (pthread_mutex_t * m), (m), unlock(c, m))
