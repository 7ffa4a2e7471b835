// SHARED-POISON: a write_guard that dies of an exception poisons; no other guard does. Then
// everybody who waits, or comes, is refused, until somebody takes it over to repair the value.
// SHARED-HB: unlocking happens before the return of a later lock that it excludes.

#include <stdexcept>

#include "calls.hpp"

using namespace models;

namespace {

template <class Guard>
void unwind(pawl::result<Guard> locked) {
  try {
    const auto dying = std::move(locked);
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

call write_after(shared_counter& m, const pawl::cell<int>& x, const pawl::cell<int>& y) {
  const auto locked = co_await m.lock();
  require(x.read() == 1 && y.read() == 1);
  co_return count_up(locked);
}

call read_after(shared_counter& m, const pawl::cell<int>& x) {
  const auto locked = co_await m.lock_shared();
  require(x.read() == 1);
  co_return look(locked);
}

}  // namespace

PAWL_MODEL("shared_mutex.poison.unwinding", "everybody who waits is refused, and who comes",
           bounds{.threads = 6, .note = "calls: 1 reads, 1 writes; a guard dies; a try to read"}) {
  shared_counter m;
  auto held = m.try_lock();
  const call a = read(m);
  const call b = write(m);
  together([&] { unwind(std::move(held)); },
           [&] {
             const auto tried = m.try_lock_shared();
             require(failed_with(tried, errc::poisoned) || failed_with(tried, errc::would_block));
           });
  require(all_failed_with(errc::poisoned, a, b));
  require(m.is_poisoned() && !m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.poison.readers", "a reader that dies of an exception just leaves",
           bounds{.threads = 4, .note = "2 readers die, 1 of them upgradable; a call writes"}) {
  shared_counter m;
  auto first = m.try_lock_shared();
  auto second = m.try_lock_upgrade();
  const call a = write(m);
  together([&] { unwind(std::move(first)); }, [&] { unwind(std::move(second)); });
  require(a.count() == 0);
  require_idle(m, 1);
}

PAWL_MODEL("shared_mutex.poison.repaired", "who takes it over is alone, and lets others in after",
           bounds{.threads = 5, .note = "a guard dies; 1 thread repairs; 1 reads"}) {
  shared_counter m;
  auto held = m.try_lock();
  **held = 7;
  together([&] { unwind(std::move(held)); },
           [&] {
             const auto taken = m.clear_poison();
             require(taken || failed_with(taken, errc::would_block));
             if (taken) **taken = 8;
           },
           [&] {
             const auto seen = look(m.lock_shared_blocking());
             require(seen ? *seen == 8 : failed_with(seen, errc::poisoned));
           });
  if (m.is_poisoned()) require(m.clear_poison().has_value());
  require(m.try_lock().has_value() && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.poison.after_readers", "who takes it over comes after all who have read",
           bounds{.threads = 3, .note = "1 thread tries to read; 1 takes over"}) {
  shared_counter m;
  count_t writers = 0;
  together([&] { (void)look(m.try_lock_shared()); },
           [&] { writers = count_up(m.clear_poison()).has_value() ? 1 : 0; });
  require_idle(m, writers);
}

PAWL_MODEL("shared_mutex.poison.upgrade", "an upgrade that is refused leaves the guard",
           bounds{.threads = 5, .note = "a reader; an upgrade; poison; the reader leaves"}) {
  shared_counter m;
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  const call u = upgrade(*held);
  together([&] { m.poison(); }, [&] { other->unlock(); });
  require(done_or(u, errc::poisoned) && static_cast<bool>(*held) != u.granted());
  if (*held) held->unlock();
  require(m.is_poisoned() && !m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.hb.readers", "what readers did happens before the writer after them",
           bounds{.threads = 4, .note = "2 readers leave; a call writes"}) {
  shared_counter m;
  pawl::cell<int> x{0}, y{0};
  auto first = m.try_lock_shared();
  auto second = m.try_lock_shared();
  const call a = write_after(m, x, y);
  together(
      [&] {
        x.write(1);
        first->unlock();
      },
      [&] {
        y.write(1);
        second->unlock();
      });
  require(a.granted());
}

PAWL_MODEL("shared_mutex.hb.upgrade", "so it does before an upgrade",
           bounds{.threads = 3,
                  .note = "a reader leaves; 1 thread tries to upgrade, and upgrades"}) {
  shared_counter m;
  pawl::cell<int> x{0};
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  together(
      [&] {
        auto upgraded = held->try_upgrade();
        if (!upgraded) upgraded = held->upgrade_blocking();
        require(x.read() == 1);
      },
      [&] {
        x.write(1);
        other->unlock();
      });
}

PAWL_MODEL("shared_mutex.hb.downgrade", "what a writer did happens before the readers it lets in",
           bounds{.threads = 4, .note = "a call reads; downgrades; 1 thread tries to read"}) {
  shared_counter m;
  pawl::cell<int> x{0};
  auto held = m.try_lock();
  const call a = read_after(m, x);
  together(
      [&] {
        x.write(1);
        const auto kept = std::move(*held).downgrade();
      },
      [&] {
        if (m.try_lock_shared()) require(x.read() == 1);
      });
  require(a.granted());
}

PAWL_MODEL("shared_mutex.hb.thread", "so it is for a thread that waits",
           bounds{.threads = 3, .note = "an unlock; 1 thread reads"}) {
  shared_counter m;
  pawl::cell<int> x{0};
  auto held = m.try_lock();
  together(
      [&] {
        x.write(1);
        held->unlock();
      },
      [&] {
        const auto locked = m.lock_shared_blocking();
        require(x.read() == 1);
      });
}
