// MUTEX-EXCLUSION: one at a time has the lock, and access to the value. To have it counts as an
// access to all of the value, so two at a time are a data race.

#include <pawl/task/spawn.hpp>

#include "calls.hpp"

using namespace models;

namespace {

pawl::task<> enter_as_task(counter& m) {
  const auto locked = co_await m.lock();
  require(count_up(locked).has_value());
}

}  // namespace

PAWL_MODEL("mutex.exclusion.threads", "one of two threads at a time",
           bounds{.threads = 3, .note = "2 threads, twice and once"}) {
  counter m;
  together(
      [&] {
        enter_blocking(m);
        enter_blocking(m);
      },
      [&] { enter_blocking(m); });
  require_idle(m, 3);
}

PAWL_MODEL("mutex.exclusion.tasks", "one of two tasks at a time",
           bounds{.threads = 3, .note = "2 spawned tasks, once each"}) {
  counter m;
  auto a = pawl::spawn(enter_as_task(m));
  auto b = pawl::spawn(enter_as_task(m));
  require(std::move(a).join_blocking().has_value());
  require(std::move(b).join_blocking().has_value());
  require_idle(m, 2);
}

PAWL_MODEL("mutex.exclusion.try", "who tries gets in only if nobody else is",
           bounds{.threads = 4, .note = "1 thread locks, 2 try"}) {
  counter m;
  count_t second = 0, third = 0;
  const auto attempt = [&](count_t& got) {
    const auto tried = count_up(m.try_lock());
    require(tried || failed_with(tried, errc::would_block));
    got = tried.has_value() ? 1 : 0;
  };
  together([&] { enter_blocking(m); }, [&] { attempt(second); }, [&] { attempt(third); });
  require_idle(m, 1 + second + third);
}

PAWL_MODEL("mutex.exclusion.nothing", "so it is if there is no value",
           bounds{.threads = 3, .note = "mutex<void>; 1 thread locks, 1 tries and locks"}) {
  pawl::mutex<> m;
  pawl::cell<int> x{0};
  const auto add = [&](const pawl::result<pawl::mutex_guard<void>>& locked) {
    if (locked) x.write(x.read() + 1);
  };
  together([&] { add(m.lock_blocking()); },
           [&] {
             add(m.try_lock());
             add(m.lock_blocking());
           });
  require(x.read() >= 2 && !m.is_locked());
}

PAWL_MODEL("mutex.exclusion.passed_on", "a guard may be passed on to another thread",
           bounds{.threads = 3, .note = "a guard that 1 thread unlocks; 1 locks, and tries"}) {
  counter m;
  auto held = m.try_lock();
  count_t tried = 0;
  together(
      [&] {
        ++**held;
        held->unlock();
      },
      [&] {
        enter_blocking(m);
        if (count_up(m.try_lock())) tried = 1;
      });
  require_idle(m, 2 + tried);
}

PAWL_MODEL("mutex.exclusion.mapped", "a mapped guard excludes as its origin did",
           bounds{.threads = 3, .note = "1 thread locks and maps, 1 tries and locks"}) {
  pawl::mutex<std::pair<int, int>> m;
  together([&] { ++*m.lock_blocking().value().map(&std::pair<int, int>::second); },
           [&] {
             if (const auto tried = m.try_lock()) ++(*tried)->second;
             ++(*m.lock_blocking())->second;
           });
  require(m.unguarded().second >= 2 && !m.is_locked());
}

PAWL_MODEL("mutex.exclusion.force_unlock", "what is unlocked without a guard is free once",
           bounds{.threads = 4, .note = "a forgotten guard; unlocked; 1 thread locks, 1 tries"}) {
  counter m;
  std::move(*m.try_lock()).forget();
  count_t tried = 0;
  together([&] { m.force_unlock(); }, [&] { enter_blocking(m); },
           [&] { tried = count_up(m.try_lock()).has_value() ? 1 : 0; });
  require_idle(m, 1 + tried);
}
