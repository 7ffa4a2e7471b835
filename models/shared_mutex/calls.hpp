#pragma once
// Calls of the shared mutex as coroutines (models/support.hpp). What it protects is a number, which
// writers count up: so what a writer returns is its place in the order of writers, and what a
// reader returns is how many came before it.

#include <pawl/sync/shared_mutex.hpp>

#include "../support.hpp"

namespace models {

using pawl::errc;
using pawl::lock_policy;
using shared_counter = pawl::shared_mutex<count_t>;
using writer = shared_counter::guard;
using reader = shared_counter::shared_guard;
using upgrader = shared_counter::upgrade_guard;

inline pawl::result<count_t> count_up(const pawl::result<writer>& locked) {
  return locked.map([](const writer& g) { return (*g)++; });
}
inline pawl::result<count_t> look(const pawl::result<reader>& locked) {
  return locked.map([](const reader& g) { return *g; });
}
inline pawl::result<count_t> look(const pawl::result<upgrader>& locked) {
  return locked.map([](const upgrader& g) { return *g; });
}

// Calls that unlock at once what they lock. The arguments after the mutex are those of its lock.
template <class... Arguments>
call write(shared_counter& m, Arguments... arguments) {
  const auto locked = co_await m.lock(arguments...);
  co_return count_up(locked);
}
template <class... Arguments>
call write(in_waker, shared_counter& m, Arguments... arguments) {
  const auto locked = co_await m.lock(arguments...);
  co_return count_up(locked);
}
template <class... Arguments>
call read(shared_counter& m, Arguments... arguments) {
  const auto locked = co_await m.lock_shared(arguments...);
  co_return look(locked);
}
template <class... Arguments>
call read(in_waker, shared_counter& m, Arguments... arguments) {
  const auto locked = co_await m.lock_shared(arguments...);
  co_return look(locked);
}

// Calls that leave it locked.
inline call write_and_stay(shared_counter& m) {
  auto locked = co_await m.lock();
  const auto place = count_up(locked);
  if (locked) std::move(*locked).forget();
  co_return place;
}
inline call read_and_stay(shared_counter& m) {
  auto locked = co_await m.lock_shared();
  const auto seen = look(locked);
  if (locked) std::move(*locked).forget();
  co_return seen;
}

// A call that upgrades what it is given, and counts up. The guard has what it had if that fails.
template <class... Arguments>
call upgrade(upgrader& from, Arguments... arguments) {
  const auto upgraded = co_await from.upgrade(arguments...);
  co_return count_up(upgraded);
}

inline void write_blocking(shared_counter& m) { require(count_up(m.lock_blocking()).has_value()); }
inline count_t read_blocking(shared_counter& m) { return look(m.lock_shared_blocking()).value(); }

// Nobody has the lock or waits for it, and so many wrote.
inline void require_idle(shared_counter& m, count_t writers) {
  require(!m.is_locked() && !m.has_waiters() && !m.is_poisoned());
  require(m.unguarded() == writers);
}

inline bool done_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

}  // namespace models
