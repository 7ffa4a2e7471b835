// MUTEX-POISON: a guard that dies of an exception poisons. Then everybody who waits, or comes, is
// refused, until somebody takes the mutex over to repair the value; he sees what was done to it.

#include <stdexcept>

#include "calls.hpp"

using namespace models;

namespace {

// Changes half of what should be changed, and lets go by an exception.
void fail_half_way(pawl::result<guard> locked) {
  try {
    const auto dying = std::move(locked);
    ++**dying;
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

call fail_half_way(counter& m) {
  auto locked = co_await m.lock();
  if (!locked) co_return tl::unexpected(locked.error());
  fail_half_way(std::move(locked));
  co_return count_t{0};
}

// Puts right what fail_half_way left behind. Returns: whether the mutex was taken over.
bool repair(counter& m) {
  const auto taken = m.clear_poison();
  require(taken || failed_with(taken, errc::would_block));
  if (taken && **taken % 2 == 1) ++**taken;
  return taken.has_value();
}

// Counts up twice: whoever is let in sees an even number.
pawl::result<count_t> change(const pawl::result<guard>& locked) {
  return locked.map([](const guard& g) {
    require(*g % 2 == 0, "MUTEX-POISON: half a change is seen");
    return *g += 2;
  });
}

call change(counter& m) {
  const auto locked = co_await m.lock();
  co_return change(locked);
}

void require_poisoned(counter& m) {
  require(m.is_poisoned() && !m.is_locked() && !m.has_waiters());
  require(failed_with(m.try_lock(), errc::poisoned));
  require(failed_with(m.lock_blocking(), errc::poisoned));
}

}  // namespace

PAWL_MODEL("mutex.poison.unwinding", "everybody who waits is refused, and who comes meanwhile",
           bounds{.threads = 5, .note = "2 calls; a guard dies; a try"}) {
  counter m;
  auto held = m.try_lock();
  const call a = change(m);
  const call b = change(m);
  together([&] { fail_half_way(std::move(held)); },
           [&] {
             const auto tried = change(m.try_lock());
             require(failed_with(tried, errc::poisoned) || failed_with(tried, errc::would_block));
           });
  require(all_failed_with(errc::poisoned, a, b));
  require_poisoned(m);
}

PAWL_MODEL("mutex.poison.queue", "in a long queue, too, and who joins it meanwhile",
           bounds{.threads = 7, .note = "3 calls, turns of 2; a guard dies; one more call"}) {
  counter m;
  auto held = m.try_lock();
  const call a = change(m);
  const call b = change(m);
  const call c = change(m);
  std::optional<call> d;
  together([&] { fail_half_way(std::move(held)); }, [&] { d = change(m); });
  require(all_failed_with(errc::poisoned, a, b, c, *d));
  require_poisoned(m);
}

PAWL_MODEL("mutex.poison.handed_over", "who was handed the lock poisons those behind him",
           bounds{.threads = 5, .note = "2 calls, the guard of the first dies; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  const call a = fail_half_way(m);
  const call b = change(m);
  together([&] { held->unlock(); });
  require(a.granted() && b.failed_with(errc::poisoned));
  require_poisoned(m);
}

PAWL_MODEL("mutex.poison.unwinding_releases", "unless the policy says that it is unlocked",
           bounds{.threads = 4, .note = "a call; a guard dies; a try"}) {
  counter m(pawl::on_unwind::release);
  auto held = m.try_lock();
  const call a = enter(m);
  bool tried = false;
  together([&] { fail_half_way(std::move(held)); },
           [&] { tried = count_up(m.try_lock()).has_value(); });
  require(a.granted());
  require_idle(m, tried ? 3 : 2);
}

PAWL_MODEL("mutex.poison.repaired", "who takes it over repairs it before anybody else sees it",
           bounds{.threads = 4, .note = "a guard dies; 1 thread repairs, 1 locks"}) {
  counter m;
  auto held = m.try_lock();
  together([&] { fail_half_way(std::move(held)); }, [&] { (void)repair(m); },
           [&] {
             const auto changed = change(m.lock_blocking());
             require(changed || failed_with(changed, errc::poisoned));
           });
  if (m.is_poisoned()) require(repair(m));
  require(change(m.try_lock()).has_value() && !m.has_waiters());
}

PAWL_MODEL("mutex.poison.repaired_meanwhile",
           "those who were not refused yet are let in after the repair",
           bounds{.threads = 6, .note = "3 calls, turns of 2; a guard dies; 1 thread repairs"}) {
  counter m;
  auto held = m.try_lock();
  const call a = change(m);
  const call b = change(m);
  const call c = change(m);
  together([&] { fail_half_way(std::move(held)); }, [&] { (void)repair(m); });
  for (const call* each : {&a, &b, &c}) require(entered_or(*each, errc::poisoned));
  if (m.is_poisoned()) require(repair(m));
  require(change(m.try_lock()).has_value() && !m.has_waiters());
}

PAWL_MODEL("mutex.poison.two_repairs", "one of two takes it over",
           bounds{.threads = 4, .note = "poisoned; 2 threads repair, 1 tries"}) {
  counter m;
  fail_half_way(m.try_lock());
  together([&] { (void)repair(m); }, [&] { (void)repair(m); },
           [&] {
             const auto tried = change(m.try_lock());
             require(tried || failed_with(tried, errc::poisoned) ||
                     failed_with(tried, errc::would_block));
           });
  require(!m.is_poisoned() && !m.is_locked());
  require(change(m.try_lock()).has_value());
}

PAWL_MODEL("mutex.poison.while_held", "poison from outside does not let a second one in",
           bounds{.threads = 5, .note = "a call; poison; an unlock; 1 thread takes over"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter(m);
  together([&] { m.poison(); },
           [&] {
             ++**held;
             held->unlock();
           },
           [&] { (void)count_up(m.clear_poison()); });
  require(entered_or(a, errc::poisoned));
  require(!m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("mutex.poison.cancelled", "a stop that meets the poison ends the wait once",
           bounds{.threads = 4, .note = "a call to be cancelled; a guard dies"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = enter(m, stop.get_token());
  together([&] { fail_half_way(std::move(held)); }, [&] { stop.request_stop(); });
  require(a.failed_with(errc::poisoned) || a.failed_with(errc::cancelled));
  require_poisoned(m);
}
