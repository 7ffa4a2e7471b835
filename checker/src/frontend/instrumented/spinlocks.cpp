// POSIX spinlocks of the program: mutexes, for the checker.
#include <errno.h>
#include <pthread.h>

#include <pawl/check/sync/mutex.hpp>

#include "caller.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

// What has to be done to memory, not to a value that others may read.
const void* place_of(pthread_spinlock_t* l) { return const_cast<const int*>(l); }

rt::atomic_object& object(const caller& c, pthread_spinlock_t* l) {
  return c.object(place_of(l), rt::show_as::mutex);
}

int begin(const caller& c, pthread_spinlock_t* l) {
  c.begin(place_of(l), sizeof *l, rt::show_as::mutex);
  return 0;
}

int destroy(const caller& c, pthread_spinlock_t* l) {
  sync::end_mutex(object(c, l), c.where());
  return 0;
}

int lock(const caller& c, pthread_spinlock_t* l) {
  sync::lock(object(c, l), false, c.where());
  return 0;
}

int try_lock(const caller& c, pthread_spinlock_t* l) {
  return sync::try_lock(object(c, l), false, c.where()) ? 0 : EBUSY;
}

int unlock(const caller& c, pthread_spinlock_t* l) {
  sync::unlock(object(c, l), false, c.where());
  return 0;
}

}  // namespace

PAWL_MODELS(c.models(place_of(l)), int, pthread_spin_init, (pthread_spinlock_t * l, int shared),
            (l, shared), begin(c, l))
PAWL_MODELS(c.models(place_of(l)), int, pthread_spin_destroy, (pthread_spinlock_t * l), (l),
            destroy(c, l))
PAWL_WAITS(c.models(place_of(l)), int, pthread_spin_lock, (pthread_spinlock_t * l), (l), lock(c, l))
PAWL_WAITS(c.models(place_of(l)), int, pthread_spin_trylock, (pthread_spinlock_t * l), (l),
           try_lock(c, l))
PAWL_MODELS(c.models(place_of(l)), int, pthread_spin_unlock, (pthread_spinlock_t * l), (l),
            unlock(c, l))
