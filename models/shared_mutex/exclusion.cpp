// SHARED-EXCLUSION: a writer is alone, readers are not. To have the lock counts as an access to all
// of the value, so a writer beside somebody else is a data race; and what readers can't share is a
// deadlock.

#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/lock_shared_owned.hpp>

#include "calls.hpp"

using namespace models;

namespace {

call read_owned(std::shared_ptr<shared_counter> of) {
  const auto locked = co_await pawl::lock_shared_owned(std::move(of));
  co_return locked.map([](const pawl::owned_read_guard<count_t>& g) { return *g; });
}

}  // namespace

PAWL_MODEL("shared_mutex.exclusion.writers", "one of two writers at a time",
           bounds{.threads = 3, .note = "2 threads write, one of them an owner"}) {
  const auto m = std::make_shared<shared_counter>();
  together([&] { write_blocking(*m); },
           [&] {
             const auto locked = pawl::lock_owned_blocking(m);
             ++**locked;
           });
  require_idle(*m, 2);
}

PAWL_MODEL("shared_mutex.exclusion.readers", "readers have it at the same time",
           bounds{.threads = 3, .note = "a reader that stays; 2 threads read"}) {
  shared_counter m;
  const auto held = m.try_lock_shared();
  const auto once = [&] { require(read_blocking(m) == 0); };
  together(once, once);
  require(m.readers() == 1 && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.exclusion.read_write", "a reader sees what whole writers left",
           bounds{.threads = 3, .note = "1 thread writes, 1 reads and writes"}) {
  shared_counter m;
  count_t seen = 0;
  together([&] { write_blocking(m); },
           [&] {
             seen = read_blocking(m);
             write_blocking(m);
           });
  require(seen <= 1);
  require_idle(m, 2);
}

PAWL_MODEL("shared_mutex.exclusion.read_write_three", "so it is with two writers and an owner",
           bounds{.threads = 6,
                  .note = "a writer unlocks; 1 thread makes a call to write, 1 to read as an owner",
                  .full = true}) {
  const auto m = std::make_shared<shared_counter>();
  auto held = m->try_lock();
  ++**held;
  std::optional<call> a, b;
  together([&] { held->unlock(); }, [&] { a = write(*m); }, [&] { b = read_owned(m); });
  require(a->count() == 1 && (b->count() == 1 || b->count() == 2));
  require_idle(*m, 2);
}

PAWL_MODEL("shared_mutex.exclusion.three_threads", "so it is if all three are threads",
           bounds{.threads = 3,
                  .note = "2 threads write, one of them an owner; the main one reads as an owner",
                  .full = true}) {
  const auto m = std::make_shared<shared_counter>();
  pawl::thread first([&] { write_blocking(*m); });
  pawl::thread second([&] { ++**pawl::lock_owned_blocking(m); });
  require(**pawl::lock_shared_owned_blocking(m) <= 2);
  first.join();
  second.join();
  require_idle(*m, 2);
}

PAWL_MODEL("shared_mutex.exclusion.try", "who tries gets in only beside those he may share with",
           bounds{.threads = 4, .note = "1 thread writes, 1 tries to write, 1 to read"}) {
  shared_counter m;
  count_t second = 0;
  together([&] { write_blocking(m); },
           [&] {
             const auto tried = count_up(m.try_lock());
             require(tried || failed_with(tried, errc::would_block));
             second = tried.has_value() ? 1 : 0;
           },
           [&] {
             const auto tried = look(m.try_lock_shared());
             require(tried ? *tried <= 2 : failed_with(tried, errc::would_block));
           });
  require_idle(m, 1 + second);
}

PAWL_MODEL("shared_mutex.exclusion.nothing", "so it is if there is no value",
           bounds{.threads = 3, .note = "shared_mutex<void>; 1 thread writes, 1 tries and reads"}) {
  pawl::shared_mutex<> m;
  pawl::cell<int> x{0};
  together(
      [&] {
        const auto held = m.lock_blocking();
        x.write(1);
      },
      [&] {
        if (const auto tried = m.try_lock()) x.write(2);
        const auto held = m.lock_shared_blocking();
        require(x.read() <= 2);
      });
  require(!m.is_locked());
}

PAWL_MODEL("shared_mutex.exclusion.upgradable", "one at a time may become the writer",
           bounds{.threads = 3, .note = "a reader that stays; 2 threads try to lock_upgrade"}) {
  shared_counter m;
  const auto held = m.try_lock_shared();
  pawl::result<upgrader> first, second;
  together([&] { first = m.try_lock_upgrade(); }, [&] { second = m.try_lock_upgrade(); });
  require(first.has_value() != second.has_value());
  require(m.readers() == 2 && m.try_lock_shared().has_value());
}

PAWL_MODEL("shared_mutex.exclusion.limit", "no more readers than there may be",
           bounds{.threads = 3, .note = "at most 1; 1 thread reads and tries, 1 reads to write"}) {
  shared_counter m({.max_readers = 1});
  together(
      [&] {
        const auto held = m.lock_shared_blocking();
        require(!m.try_lock_shared() && !m.try_lock_upgrade());
      },
      [&] {
        const auto held = m.lock_upgrade_blocking();
        require(!m.try_lock_shared());
      });
  require_idle(m, 0);
}

PAWL_MODEL("shared_mutex.exclusion.mapped", "mapped guards exclude as their origins did",
           bounds{.threads = 3, .note = "1 thread maps what it writes, 1 what it reads"}) {
  pawl::shared_mutex<std::pair<int, int>> m;
  together([&] { ++*m.lock_blocking().value().map(&std::pair<int, int>::second); },
           [&] {
             const auto part = m.lock_shared_blocking().value().map(&std::pair<int, int>::second);
             require(*part <= 1);
           });
  require(m.unguarded().second == 1);
}

PAWL_MODEL("shared_mutex.exclusion.force_unlock", "what is unlocked without a guard is free once",
           bounds{.threads = 4, .note = "2 forgotten readers; unlocked by 2; 1 thread writes"}) {
  shared_counter m;
  std::move(*m.try_lock_shared()).forget();
  std::move(*m.try_lock_upgrade()).forget();
  together([&] { m.force_unlock_shared(); }, [&] { m.force_unlock_upgrade(); },
           [&] { write_blocking(m); });
  require_idle(m, 1);
}
