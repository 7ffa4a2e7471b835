// POSIX mutexes of the program.
#include <errno.h>
#include <pthread.h>

#include <pawl/check/sync/mutex.hpp>

#include "hooks.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

// What pthread_mutex_init() and the static initialisers leave for the C library to read.
int kind_of(const pthread_mutex_t* m) { return m->__data.__kind & 3; }

bool is_recursive(const pthread_mutex_t* m) { return kind_of(m) == PTHREAD_MUTEX_RECURSIVE; }

rt::atomic_object& object(runtime& r, const pthread_mutex_t* m, const void* code) {
  return the_shadow.primitive(r, m, rt::show_as::mutex, 0, code);
}

}  // namespace

PAWL_HOOK int pthread_mutex_lock(pthread_mutex_t* m) {
  const void* const code = __builtin_return_address(0);
  if (runtime* const r = active())
    sync::lock(object(*r, m, code), is_recursive(m), the_sites.at(code));
  return 0;
}

PAWL_HOOK int pthread_mutex_trylock(pthread_mutex_t* m) {
  const void* const code = __builtin_return_address(0);
  runtime* const r = active();
  if (r == nullptr) return 0;
  return sync::try_lock(object(*r, m, code), is_recursive(m), the_sites.at(code)) ? 0 : EBUSY;
}

PAWL_HOOK int pthread_mutex_unlock(pthread_mutex_t* m) {
  const void* const code = __builtin_return_address(0);
  if (runtime* const r = active())
    sync::unlock(object(*r, m, code), is_recursive(m), the_sites.at(code));
  return 0;
}
