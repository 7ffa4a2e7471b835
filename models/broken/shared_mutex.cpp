// What the shared mutex adds to the synchronizer: who may be beside whom, who is next, upgrades and
// downgrades.
#include <stdexcept>

#include "../shared_mutex/calls.hpp"

using namespace models;

PAWL_MODEL("shared_mutex.beside_writer", "nobody reads while somebody writes",
           bounds{.threads = 3, .note = "1 thread writes, 1 tries to read"}) {
  shared_counter m;
  together([&] { write_blocking(m); }, [&] { (void)look(m.try_lock_shared()); });
}

PAWL_MODEL("shared_mutex.one_upgradable", "one at a time may become the writer",
           bounds{.threads = 3, .note = "2 threads try to lock_upgrade"}) {
  shared_counter m;
  pawl::result<upgrader> first, second;
  together([&] { first = m.try_lock_upgrade(); }, [&] { second = m.try_lock_upgrade(); });
  require(!first || !second, "SHARED-UPGRADE: two may become the writer");
}

PAWL_MODEL("shared_mutex.upgrade_first", "an upgrade comes before a writer that waits",
           bounds{.threads = 3,
                  .note = "an upgradable reader, a reader; a call writes; an upgrade"}) {
  shared_counter m;
  auto held = m.try_lock_upgrade();
  auto other = m.try_lock_shared();
  const call w = write(in_waker(), m);
  together([&] { (void)count_up(held->upgrade_blocking()); }, [&] { other->unlock(); });
  require(w.count() == 1);
}

PAWL_MODEL("shared_mutex.bypass", "a reader is not overtaken for ever",
           bounds{.threads = 2, .note = "calls: 1 reads, 3 write; an unlock"}) {
  shared_counter m({.policy = lock_policy::writer_preferring});
  auto held = m.try_lock();
  const call r = read(in_waker(), m);
  const call w1 = write(in_waker(), m);
  const call w2 = write(in_waker(), m);
  const call w3 = write(in_waker(), m);
  together([&] { held->unlock(); });
  require(r.count() == 2, "SHARED-BYPASS: more than two overtook a reader");
}

PAWL_MODEL("shared_mutex.dying_reader", "a reader that dies of an exception just leaves",
           bounds{.threads = 2, .note = "a reader dies"}) {
  shared_counter m;
  together([&] {
    try {
      const auto dying = m.try_lock_shared();
      throw std::runtime_error("thrown while the lock is held");
    } catch (const std::runtime_error&) {}
  });
  require(!m.is_poisoned(), "SHARED-POISON: a reader poisons");
}

PAWL_MODEL("shared_mutex.kept", "no writer gets in while somebody downgrades",
           bounds{.threads = 3, .note = "downgrades and reads; a try to write"}) {
  shared_counter m;
  auto held = m.try_lock();
  together(
      [&] {
        auto kept = std::move(*held).downgrade();
        std::move(kept).forget();
      },
      [&] { require(!count_up(m.try_lock()), "SHARED-DOWNGRADE: a writer got in"); });
}
