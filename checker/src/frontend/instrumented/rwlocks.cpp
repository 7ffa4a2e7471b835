// POSIX read-write locks of the program: shared mutexes, which a thread may read again and again.
#include <errno.h>
#include <pthread.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <pawl/check/sync/shared_mutex.hpp>

#include "caller.hpp"
#include "clocks.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

rt::atomic_object& object(const caller& c, const pthread_rwlock_t* l) {
  return c.object(l, rt::show_as::shared_mutex);
}

// How often a thread reads a lock, if it does. Who reads it already need not wait, and is not
// counted anew: that concerns nobody else.
struct reading {
  const pthread_rwlock_t* lock;
  unsigned times;
};
per_thread<std::vector<reading>> readings_of;

unsigned* times_read(const caller& c, const pthread_rwlock_t* l) {
  auto& all = readings_of.mine(c);
  const auto at = std::ranges::find(all, l, &reading::lock);
  return at == all.end() ? nullptr : &at->times;
}

bool read_once_more(const caller& c, const pthread_rwlock_t* l) {
  unsigned* const times = times_read(c, l);
  if (times == nullptr) return false;
  c.run().end_history();
  ++*times;
  return true;
}

int note_reading(const caller& c, const pthread_rwlock_t* l) {
  const fiber::outside_heap outside;
  readings_of.mine(c).push_back({l, 1});
  return 0;
}

int read(const caller& c, const pthread_rwlock_t* l) {
  if (read_once_more(c, l)) return 0;
  sync::lock_shared(object(c, l), c.where());
  return note_reading(c, l);
}

int try_read(const caller& c, const pthread_rwlock_t* l) {
  if (read_once_more(c, l)) return 0;
  return sync::try_lock_shared(object(c, l), c.where()) ? note_reading(c, l) : EBUSY;
}

int read_until(const caller& c, const pthread_rwlock_t* l, clockid_t clock, const timespec* t) {
  const auto deadline = deadline_of(c, clock, t);
  if (!deadline) return EINVAL;
  const int error = try_read(c, l);
  return or_deadline(error == 0, *deadline) ? 0 : ETIMEDOUT;
}

int write(const caller& c, const pthread_rwlock_t* l) {
  sync::lock_alone(object(c, l), c.where());
  return 0;
}

int try_write(const caller& c, const pthread_rwlock_t* l) {
  return sync::try_lock_alone(object(c, l), c.where()) ? 0 : EBUSY;
}

int write_until(const caller& c, const pthread_rwlock_t* l, clockid_t clock, const timespec* t) {
  const auto deadline = deadline_of(c, clock, t);
  if (!deadline) return EINVAL;
  return or_deadline(try_write(c, l) == 0, *deadline) ? 0 : ETIMEDOUT;
}

// Who does not read it can only have written.
int unlock(const caller& c, const pthread_rwlock_t* l) {
  unsigned* const times = times_read(c, l);
  if (times == nullptr) {
    sync::unlock_alone(object(c, l), c.where());
  } else if (--*times == 0) {
    std::erase_if(readings_of.mine(c), [&](const reading& r) { return r.lock == l; });
    sync::unlock_shared(object(c, l), c.where());
  }
  return 0;
}

int begin(const caller& c, pthread_rwlock_t* l) {
  c.begin(l, sizeof *l, rt::show_as::shared_mutex);
  return 0;
}

int destroy(const caller& c, const pthread_rwlock_t* l) {
  c.destroys(l);
  sync::end_shared_mutex(object(c, l), c.where());
  return 0;
}

}  // namespace

PAWL_MODELS(c.models(l), int, pthread_rwlock_init,
            (pthread_rwlock_t * l, const pthread_rwlockattr_t* attributes), (l, attributes),
            begin(c, l))
PAWL_MODELS(c.models(l), int, pthread_rwlock_destroy, (pthread_rwlock_t * l), (l), destroy(c, l))
PAWL_WAITS(c.models(l), int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l), read(c, l))
PAWL_WAITS(c.models(l), int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l), try_read(c, l))
PAWL_MODELS(c.models(l), int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const timespec* t),
            (l, t), read_until(c, l, CLOCK_REALTIME, t))
PAWL_MODELS(c.models(l), int, pthread_rwlock_clockrdlock,
            (pthread_rwlock_t * l, clockid_t clock, const timespec* t), (l, clock, t),
            read_until(c, l, clock, t))
PAWL_WAITS(c.models(l), int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l), write(c, l))
PAWL_WAITS(c.models(l), int, pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l), try_write(c, l))
PAWL_MODELS(c.models(l), int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const timespec* t),
            (l, t), write_until(c, l, CLOCK_REALTIME, t))
PAWL_MODELS(c.models(l), int, pthread_rwlock_clockwrlock,
            (pthread_rwlock_t * l, clockid_t clock, const timespec* t), (l, clock, t),
            write_until(c, l, clock, t))
PAWL_MODELS(c.models(l), int, pthread_rwlock_unlock, (pthread_rwlock_t * l), (l), unlock(c, l))
