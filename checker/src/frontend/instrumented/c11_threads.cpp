// Threads of C11, which are POSIX threads by other names.
#include <errno.h>
#include <threads.h>

#include "clocks.hpp"
#include "conditions.hpp"
#include "keys.hpp"
#include "locks.hpp"
#include "threads.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));
pthread_mutex_t* as_posix(mtx_t* m) { return reinterpret_cast<pthread_mutex_t*>(m); }
pthread_cond_t* as_posix(cnd_t* v) { return reinterpret_cast<pthread_cond_t*>(v); }

int answer(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

void* as_result(int code) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(code)); }

// ---- threads ------------------------------------------------------------------------------------

struct start {
  thrd_start_t body;
  void* argument;
};

void* run(void* what) {
  const start s = *static_cast<start*>(what);
  return as_result(s.body(s.argument));
}

int create(const caller& c, thrd_t* out, thrd_start_t body, void* argument) {
  auto* const what = static_cast<start*>(rt::scratch(sizeof(start)));
  *what = {body, argument};
  start_thread(c, out, run, what, {});
  return thrd_success;
}

int join(const caller& c, thrd_t thread, int* result) {
  void* found = nullptr;
  const int error = join_thread(c, thread, found);
  if (error == 0 && result != nullptr) c.put(result, reinterpret_cast<std::intptr_t>(found));
  return answer(error);
}

int detach(const caller& c, thrd_t thread) {
  detach_thread(c, thread);
  return thrd_success;
}

// ---- mutexes and values -------------------------------------------------------------------------

int begin(const caller& c, mtx_t* m, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  return answer(begin_mutex(c, as_posix(m), &attributes));
}

int put_key(const caller& c, tss_t* out, tss_dtor_t destructor) {
  c.put(out, create_key(c, destructor));
  return thrd_success;
}

int put_value(const caller& c, tss_t key, void* value) {
  set_value(c, key, value);
  return thrd_success;
}

}  // namespace

PAWL_MODELS(c.is_model(), int, thrd_create, (thrd_t * out, thrd_start_t body, void* argument),
            (out, body, argument), create(c, out, body, argument))
PAWL_MODELS(c.is_model(), int, thrd_join, (thrd_t thread, int* result), (thread, result),
            join(c, thread, result))
PAWL_MODELS(c.is_model(), int, thrd_detach, (thrd_t thread), (thread), detach(c, thread))
PAWL_MODELS(c.is_model(), thrd_t, thrd_current, (), (), handle_of(c.thread()))
PAWL_MODELS(c.is_model(), void, thrd_yield, (), (), rt::yield(c.where()))
PAWL_HOOK int thrd_sleep(const timespec* t, timespec* left) { return nanosleep(t, left); }
PAWL_HOOK void thrd_exit(int code) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) exit_thread(c, as_result(code));
  PAWL_BEHIND(thrd_exit)(code);
  __builtin_unreachable();
}

PAWL_MODELS(c.models(m), int, mtx_init, (mtx_t * m, int type), (m, type), begin(c, m, type))
PAWL_WAITS(c.models(m), int, mtx_lock, (mtx_t * m), (m), answer(lock(c, as_posix(m))))
PAWL_WAITS(c.models(m), int, mtx_trylock, (mtx_t * m), (m), answer(try_lock(c, as_posix(m))))
PAWL_MODELS(c.models(m), int, mtx_timedlock, (mtx_t * m, const timespec* t), (m, t),
            answer(lock_until(c, as_posix(m), CLOCK_REALTIME, t)))
PAWL_MODELS(c.models(m), int, mtx_unlock, (mtx_t * m), (m), answer(unlock(c, as_posix(m))))
PAWL_MODELS(c.models(m), void, mtx_destroy, (mtx_t * m), (m), void(destroy(c, as_posix(m))))

PAWL_MODELS(c.models(v), int, cnd_init, (cnd_t * v), (v), answer(begin_condition(c, as_posix(v))))
PAWL_MODELS(c.models(v), int, cnd_wait, (cnd_t * v, mtx_t* m), (v, m),
            answer(wait(c, as_posix(v), as_posix(m))))
PAWL_MODELS(c.models(v), int, cnd_timedwait, (cnd_t * v, mtx_t* m, const timespec* t), (v, m, t),
            answer(wait_until(c, as_posix(v), as_posix(m), CLOCK_REALTIME, t)))
PAWL_MODELS(c.models(v), int, cnd_signal, (cnd_t * v), (v), answer(notify_one(c, as_posix(v))))
PAWL_MODELS(c.models(v), int, cnd_broadcast, (cnd_t * v), (v), answer(notify_all(c, as_posix(v))))
PAWL_MODELS(c.models(v), void, cnd_destroy, (cnd_t * v), (v), void(destroy(c, as_posix(v))))

PAWL_MODELS(c.is_model(), int, tss_create, (tss_t * out, tss_dtor_t destructor), (out, destructor),
            put_key(c, out, destructor))
PAWL_MODELS(c.is_model(), void*, tss_get, (tss_t key), (key), value_under(c, key))
PAWL_MODELS(c.is_model(), int, tss_set, (tss_t key, void* value), (key, value),
            put_value(c, key, value))
PAWL_MODELS(c.is_model(), void, tss_delete, (tss_t key), (key), delete_key(c, key))
