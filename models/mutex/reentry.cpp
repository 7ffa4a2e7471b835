// Wake-ups that use the mutex again, or throw: they run outside of every turn, and each is on its
// own.

#include <stdexcept>

#include "../unhandled.hpp"
#include "calls.hpp"

using namespace models;

namespace {

call enter_and_call(counter& m, std::optional<call>& another) {
  const auto locked = co_await m.lock();
  another = enter(m);
  co_return count_up(locked);
}

call enter_and_cancel(counter& m, pawl::stop_source& other) {
  const auto locked = co_await m.lock();
  other.request_stop();
  co_return count_up(locked);
}

call enter_and_poison(counter& m) {
  const auto locked = co_await m.lock();
  m.poison();
  co_return count_up(locked);
}

call enter_and_throw(counter& m) {
  const auto locked = co_await m.lock();
  throw std::runtime_error("thrown by a wake-up");
}

}  // namespace

PAWL_MODEL("mutex.reentry.call", "a wake-up that makes another call",
           bounds{.threads = 6, .note = "a call that calls, and one more; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  std::optional<call> another;
  const call a = enter_and_call(m, another);
  const call b = enter(m);
  together([&] { held->unlock(); });
  require(a.count() == 0 && b.count() == 1 && another->count() == 2);
  require_idle(m, 3);
}

PAWL_MODEL("mutex.reentry.cancel", "a wake-up that cancels the next",
           bounds{.threads = 6, .note = "a call that cancels another, and one more; an unlock"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = enter_and_cancel(m, stop);
  const call b = enter(m, stop.get_token());
  const call c = enter(m);
  together([&] { held->unlock(); });
  require(a.count() == 0 && b.failed_with(errc::cancelled) && c.count() == 1);
  require_idle(m, 2);
}

PAWL_MODEL("mutex.reentry.poison", "a wake-up that poisons while it has the lock",
           bounds{.threads = 5, .note = "a call that poisons, and one more; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter_and_poison(m);
  const call b = enter(m);
  together([&] { held->unlock(); });
  require(a.count() == 0 && b.failed_with(errc::poisoned));
  require(m.is_poisoned() && !m.is_locked());
}

PAWL_MODEL("mutex.reentry.throw", "a wake-up that throws poisons, and the others are told",
           bounds{.threads = 5, .note = "a call that throws, and one more; an unlock"}) {
  const unhandled_counter thrown;
  counter m;
  auto held = m.try_lock();
  const call a = enter_and_throw(m);
  const call b = enter(m);
  together([&] { held->unlock(); });
  require(b.failed_with(errc::poisoned));
  thrown.wait();
  require(m.is_poisoned() && !m.is_locked() && !m.has_waiters());
}
