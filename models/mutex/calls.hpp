#pragma once
// Calls of the mutex as coroutines (models/support.hpp). What a mutex protects is a number, which
// everybody who has the lock counts up: so what a call returns is its place in the order of locks.

#include <pawl/sync/mutex.hpp>

#include "../support.hpp"

namespace models {

using pawl::errc;
using counter = pawl::mutex<count_t>;
using guard = counter::guard;

// Returns: how many had the lock before, or why the call had not.
inline pawl::result<count_t> count_up(const pawl::result<guard>& locked) {
  return locked.map([](const guard& g) { return (*g)++; });
}

// Calls that unlock at once what they lock.
inline call enter(counter& m) {
  const auto locked = co_await m.lock();
  co_return count_up(locked);
}
inline call enter(in_waker, counter& m) {
  const auto locked = co_await m.lock();
  co_return count_up(locked);
}
inline call enter(counter& m, pawl::stop_token token) {
  const auto locked = co_await m.lock(token);
  co_return count_up(locked);
}

// A call that leaves the mutex locked.
inline call enter_and_stay(counter& m) {
  auto locked = co_await m.lock();
  const auto place = count_up(locked);
  if (locked) std::move(*locked).forget();
  co_return place;
}

inline void enter_blocking(counter& m) { require(count_up(m.lock_blocking()).has_value()); }

// Nobody has the lock or waits for it, and so many had it.
inline void require_idle(counter& m, count_t entries) {
  require(!m.is_locked() && !m.has_waiters() && !m.is_poisoned());
  require(m.unguarded() == entries);
}

inline bool entered_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

}  // namespace models
