// SHARED-DOWNGRADE: who downgrades keeps the lock; no writer gets in before it is unlocked.
// SHARED-UPGRADE: nobody writes between what an upgradable guard has read and what it writes; an
// upgrade comes before all who wait, and fails without a trace.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("shared_mutex.downgrade.writer", "a writer gets in when the reader has left",
           bounds{.threads = 3, .note = "downgrades; 1 thread writes"}) {
  shared_counter m;
  auto held = m.try_lock();
  **held = 1;
  pawl::thread other([&] {
    auto locked = m.lock_blocking();
    **locked = 2;
  });
  auto kept = std::move(*held).downgrade();
  require(*kept == 1);
  kept.unlock();
  other.join();
  require(read_blocking(m) == 2);
}

PAWL_MODEL("shared_mutex.downgrade.readers", "readers get in at once, unless behind a writer",
           bounds{.threads = 5, .note = "calls: 1 reads, 1 writes; downgrades; a try"}) {
  shared_counter m;
  auto held = m.try_lock();
  const call a = read(m);
  const call b = write(m);
  std::optional<reader> kept;
  together([&] { kept = std::move(*held).downgrade(); },
           [&] { require(failed_with(m.try_lock_shared(), errc::would_block)); });
  require(a.count() == 0 && **kept == 0);
  kept->unlock();
  require(b.count() == 0);
  require_idle(m, 1);
}

PAWL_MODEL("shared_mutex.downgrade.upgradable", "what may be upgraded again keeps out writers, too",
           bounds{.threads = 3, .note = "downgrades and upgrades; 1 thread writes"}) {
  shared_counter m;
  auto held = m.try_lock();
  together(
      [&] {
        auto kept = std::move(*held).downgrade_to_upgradable();
        const count_t before = *kept;
        auto again = kept.upgrade_blocking();
        require(**again == before, "SHARED-UPGRADE: somebody wrote in between");
        ++**again;
      },
      [&] { write_blocking(m); });
  require_idle(m, 2);
}

PAWL_MODEL("shared_mutex.downgrade.map", "nobody has access while a part is looked for",
           bounds{.threads = 3, .note = "downgrades to a part; 1 thread tries to read"}) {
  pawl::shared_mutex<std::pair<int, int>> m;
  auto held = m.try_lock();
  pawl::cell<int> x{0};
  together(
      [&] {
        const auto part = std::move(*held).downgrade_map([&](const auto& pair) -> auto& {
          x.write(1);
          return pair.second;
        });
        require(*part == 0 && !m.try_lock());
      },
      [&] {
        if (const auto tried = m.try_lock_shared()) require(x.read() == 1);
      });
  require(!m.is_locked());
}

PAWL_MODEL("shared_mutex.upgrade.atomic", "nobody writes between the look and the change",
           bounds{.threads = 3, .note = "1 thread looks and upgrades, 1 writes"}) {
  shared_counter m;
  together(
      [&] {
        auto held = m.lock_upgrade_blocking().value();
        const count_t seen = *held;
        const auto upgraded = held.upgrade_blocking();
        require(**upgraded == seen, "SHARED-UPGRADE: somebody wrote in between");
        ++**upgraded;
      },
      [&] { write_blocking(m); });
  require_idle(m, 2);
}

PAWL_MODEL("shared_mutex.upgrade.two", "two that look, and upgrade, do so one after the other",
           bounds{.threads = 3, .note = "2 threads look and upgrade"}) {
  shared_counter m;
  const auto add = [&] {
    auto held = m.lock_upgrade_blocking().value();
    const count_t seen = *held;
    **held.upgrade_blocking() = seen + 1;
  };
  together(add, add);
  require_idle(m, 2);
}

PAWL_MODEL("shared_mutex.upgrade.first", "an upgrade comes before those who wait already",
           bounds{.threads = 5,
                  .note = "2 readers, 1 upgradable; a call writes; upgrade; they leave"}) {
  shared_counter m;
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  const call w = write(m);
  std::optional<call> u;
  together([&] { u = upgrade(*held); }, [&] { other->unlock(); });
  require(u->count() == 0 && w.count() == 1);
  require_idle(m, 2);
}

PAWL_MODEL("shared_mutex.upgrade.try", "a try succeeds if there is no other reader, whoever waits",
           bounds{.threads = 4,
                  .note = "an upgradable reader, a reader that leaves; a call writes"}) {
  shared_counter m;
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  const call w = write(m);
  count_t upgraded = 0;
  together(
      [&] {
        const auto tried = count_up(held->try_upgrade());
        require(tried || failed_with(tried, errc::would_block));
        upgraded = tried ? 1 : 0;
      },
      [&] { other->unlock(); });
  if (upgraded == 0) require(count_up(held->try_upgrade()).has_value());
  require(w.count() == 1);
  require_idle(m, 2);
}

PAWL_MODEL("shared_mutex.upgrade.cancelled", "one that is cancelled leaves the guard as it was",
           bounds{
               .threads = 6,
               .note = "a reader; an upgrade to be cancelled; a call reads; the reader leaves"}) {
  shared_counter m;
  pawl::stop_source stop;
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  const call u = upgrade(*held, stop.get_token());
  const call r = read(m);
  together([&] { stop.request_stop(); }, [&] { other->unlock(); });
  require(done_or(u, errc::cancelled) && r.granted());
  require(r.count() == (u.granted() ? 1 : 0));
  require(static_cast<bool>(*held) != u.granted());
  if (!u.granted()) require(count_up(held->try_upgrade()).has_value());
  require_idle(m, 1);
}

PAWL_MODEL("shared_mutex.upgrade.deadline", "so does one whose time is over",
           bounds{.threads = 3, .note = "a reader that leaves; 1 thread upgrades in time"}) {
  using namespace std::chrono_literals;
  shared_counter m;
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  bool upgraded = false;
  together(
      [&] {
        const auto tried = count_up(held->upgrade_blocking_for(1s));
        require(tried || failed_with(tried, errc::timed_out));
        upgraded = tried.has_value();
      },
      [&] { other->unlock(); });
  require(static_cast<bool>(*held) != upgraded);
  if (!upgraded) require(count_up(held->upgrade_blocking()).has_value());
  require_idle(m, 1);
}

PAWL_MODEL("shared_mutex.upgrade.destroyed", "so does one whose coroutine is destroyed",
           bounds{.threads = 4,
                  .note = "2 readers, 1 leaves while an upgrade is destroyed; a call writes"}) {
  shared_counter m;
  auto held = m.try_lock_upgrade();
  auto stays = m.try_lock_shared();
  auto leaves = m.try_lock_shared();
  std::optional<call> u = upgrade(*held);
  const call w = write(m);
  pawl::thread other([&] { leaves->unlock(); });
  u.reset();
  other.join();
  require(static_cast<bool>(*held) && m.readers() == 2);
  stays->unlock();
  held->unlock();
  require(w.count() == 0);
  require_idle(m, 1);
}
