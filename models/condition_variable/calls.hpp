#pragma once
// Waits of condition_variable as coroutines (models/support.hpp). What the mutex protects is a
// number, which everybody counts up who comes back from a wait with the lock: so what a call
// returns is its place among them. The checker sees to it that nobody counts without the lock.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>

#include <memory>
#include <utility>

#include "../support.hpp"

namespace models {

using pawl::condition_variable;
using pawl::errc;
using counter = pawl::mutex<count_t>;
using guard = counter::guard;

inline pawl::result<count_t> count_up(guard& held, const pawl::result<void>& ended) {
  require(static_cast<bool>(held), "CV-LOCKED: a wait ended without the lock");
  const count_t place = (*held)++;
  return ended.map([place] { return place; });
}

// Calls that lock and wait, with whatever arguments wait has besides.
template <class... Arguments>
call wait(condition_variable& changed, counter& m, Arguments... arguments) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held, arguments...);
  co_return count_up(*held, ended);
}
template <class... Arguments>
call wait(in_waker, condition_variable& changed, counter& m, Arguments... arguments) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held, arguments...);
  co_return count_up(*held, ended);
}

// Of a thread. Returns: whether it was notified.
template <class... Arguments>
bool wait_blocking(condition_variable& changed, counter& m, Arguments... arguments) {
  auto held = m.lock_blocking();
  const auto ended = changed.wait_blocking(*held, arguments...);
  return count_up(*held, ended).has_value();
}

inline bool notified_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

// Nobody waits, for a notification or for the lock, and so many came back.
inline void require_idle(condition_variable& changed, counter& m, count_t returned) {
  require(!changed.has_waiters() && !changed.notify_one() && changed.notify_all() == 0);
  require(!m.is_locked() && !m.has_waiters() && m.unguarded() == returned);
}

}  // namespace models
