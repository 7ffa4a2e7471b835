// What is done once: pthread_once(), std::call_once, static variables of functions.
#include <pthread.h>
#include <threads.h>

#include <mutex>

#include <pawl/check/sync/once.hpp>

#include "caller.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

rt::atomic_object& object(const caller& c, const void* flag) {
  return c.object(flag, rt::show_as::once);
}

int once(const caller& c, const void* flag, void (*f)()) {
  rt::atomic_object& o = object(c, flag);
  if (!sync::begin_call(o, c.where())) return 0;
  try {
    f();
  } catch (...) {
    sync::end_call(o, false, c.where());
    throw;
  }
  sync::end_call(o, true, c.where());
  return 0;
}

// The first byte of a guard, which code tests before it calls, stays 0, so that all come here; the
// other half stands for the guard.
const void* place_of(const std::uint64_t* guard) {
  return reinterpret_cast<const std::byte*>(guard) + 4;
}

int begin_initialisation(const caller& c, std::uint64_t* guard) {
  return sync::begin_call(object(c, place_of(guard)), c.where()) ? 1 : 0;
}

void end_initialisation(const caller& c, std::uint64_t* guard, bool returned) {
  sync::end_call(object(c, place_of(guard)), returned, c.where());
}

}  // namespace

PAWL_MODELS(c.models(flag), int, pthread_once, (pthread_once_t * flag, void (*f)()), (flag, f),
            once(c, flag, f))

#undef call_once
PAWL_MODELS(c.models(flag), void, call_once, (::once_flag * flag, void (*f)()), (flag, f),
            void(once(c, flag, f)))

extern "C" int __cxa_guard_acquire(std::uint64_t*);
extern "C" void __cxa_guard_release(std::uint64_t*);
extern "C" void __cxa_guard_abort(std::uint64_t*);
PAWL_MODELS(c.models(guard), int, __cxa_guard_acquire, (std::uint64_t* guard), (guard),
            begin_initialisation(c, guard))
PAWL_MODELS(c.models(guard), void, __cxa_guard_release, (std::uint64_t* guard), (guard),
            end_initialisation(c, guard, true))
PAWL_MODELS(c.models(guard), void, __cxa_guard_abort, (std::uint64_t* guard), (guard),
            end_initialisation(c, guard, false))
