// blocking::shared_mutex. SHARED-EXCLUSION: a writer is alone; who is beside it is a data race on
// what it protects. SHARED-FIFO: nobody passes who waits. SHARED-NO-LOST-WAKE-UP: whoever waits
// gets it; a model that forgets one ends in a deadlock.

#include <chrono>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include <pawl/blocking/shared_mutex.hpp>

#include "calls.hpp"

using namespace models;
using pawl::blocking::shared_mutex;
using namespace std::chrono_literals;

namespace {

struct record {
  shared_mutex m;
  entries inside;

  void write() {
    const std::lock_guard lock(m);
    inside.count();
  }
  unsigned read() {
    const std::shared_lock lock(m);
    return inside.counted();
  }
  bool write_if(bool locked) { return leave_if(locked, m, inside); }
  bool read_if(bool locked) {
    if (locked) {
      (void)inside.counted();
      m.unlock_shared();
    }
    return locked;
  }

  void require_idle(unsigned expected) const {
    require(!m.is_locked() && !m.is_locked_shared() && !m.has_waiters());
    require(inside.counted() == expected);
  }
};

// Waits until somebody waits for the lock.
void wait_for_waiter(const shared_mutex& m) {
  while (!m.has_waiters()) pawl::this_thread::yield();
}

}  // namespace

PAWL_MODEL("blocking.shared_mutex.write_read", "a writer and a reader take turns",
           bounds{.threads = 3, .note = "1 thread writes twice, 1 reads twice"}) {
  record r;
  together(
      [&] {
        r.write();
        r.write();
      },
      [&] {
        const unsigned first = r.read();
        require(r.read() >= first);
      });
  r.require_idle(2);
}

PAWL_MODEL("blocking.shared_mutex.readers", "two readers and a writer, each in the end",
           bounds{.threads = 4, .note = "2 threads read, 1 writes"}) {
  record r;
  together([&] { (void)r.read(); }, [&] { (void)r.read(); }, [&] { r.write(); });
  r.require_idle(1);
}

PAWL_MODEL("blocking.shared_mutex.writers", "two writers and a reader",
           bounds{.threads = 4, .note = "2 threads write, 1 reads"}) {
  record r;
  together([&] { r.write(); }, [&] { r.write(); }, [&] { (void)r.read(); });
  r.require_idle(2);
}

// The loop makes a failed attempt read a value, so that the try after it may succeed, too.
PAWL_MODEL("blocking.shared_mutex.tried_again", "who tries until it is in sees what was written",
           bounds{.threads = 3, .note = "1 thread writes, 1 tries to read until it may"}) {
  record r;
  together([&] { r.write(); },
           [&] {
             while (!r.m.try_lock_shared()) pawl::this_thread::yield();
             (void)r.inside.counted();
             r.m.unlock_shared();
           });
  r.require_idle(1);
}

PAWL_MODEL("blocking.shared_mutex.together", "readers are inside together",
           bounds{.threads = 3, .note = "written; 2 threads read and meet"}) {
  record r;
  gate first, second;
  r.m.lock();
  const auto meet = [&](gate& mine, const gate& other) {
    const std::shared_lock lock(r.m);
    mine.open();
    other.wait();
  };
  pawl::thread a([&] { meet(first, second); });
  pawl::thread b([&] { meet(second, first); });
  r.m.unlock();
  a.join();
  b.join();
  r.require_idle(0);
}

PAWL_MODEL("blocking.shared_mutex.fifo", "SHARED-FIFO: a reader does not pass a writer that waits",
           bounds{.threads = 3, .note = "read; 1 thread writes; 1 reads after that one waits"}) {
  record r;
  r.m.lock_shared();
  pawl::thread writer([&] { r.write(); });
  wait_for_waiter(r.m);
  require(!r.m.try_lock_shared() && !r.m.try_lock_upgrade());
  pawl::thread reader([&] { require(r.read() == 1, "SHARED-FIFO: it passed the writer"); });
  r.m.unlock_shared();
  writer.join();
  reader.join();
  r.require_idle(1);
}

PAWL_MODEL("blocking.shared_mutex.recursive", "who reads may read again though a writer waits",
           bounds{.threads = 3,
                  .note = "read; 1 thread writes; read again, tried and waited for"}) {
  record r;
  r.m.lock_shared();
  pawl::thread writer([&] { r.write(); });
  require(r.m.try_lock_shared_recursive());
  r.m.lock_shared_recursive();
  require(r.inside.counted() == 0);
  for (int i = 0; i < 3; ++i) r.m.unlock_shared();
  writer.join();
  r.require_idle(1);
}

PAWL_MODEL("blocking.shared_mutex.recursive_first", "who does not read yet may do so, too",
           bounds{.threads = 4,
                  .note = "1 thread writes, 1 reads, 1 reads ahead of all who wait"}) {
  record r;
  together([&] { r.write(); }, [&] { (void)r.read(); },
           [&] {
             r.m.lock_shared_recursive();
             (void)r.inside.counted();
             r.m.unlock_shared();
           });
  r.require_idle(1);
}

PAWL_MODEL("blocking.shared_mutex.upgrade",
           "SHARED-UPGRADE: nobody writes between reading and writing",
           bounds{.threads = 4, .note = "1 thread upgrades, 1 reads, 1 writes"}) {
  record r;
  together(
      [&] {
        r.m.lock_upgrade();
        const unsigned before = r.inside.counted();
        r.m.unlock_upgrade_and_lock();
        require(r.inside.counted() == before);
        r.inside.count();
        r.m.unlock();
      },
      [&] { (void)r.read(); }, [&] { r.write(); });
  r.require_idle(2);
}

PAWL_MODEL("blocking.shared_mutex.upgraders", "one at a time may upgrade",
           bounds{.threads = 3, .note = "2 threads upgrade"}) {
  record r;
  const auto add = [&] {
    r.m.lock_upgrade();
    const unsigned before = r.inside.counted();
    r.m.unlock_upgrade_and_lock();
    require(r.inside.counted() == before);
    r.inside.count();
    r.m.unlock();
  };
  together(add, add);
  r.require_idle(2);
}

PAWL_MODEL("blocking.shared_mutex.upgrade_tried", "who upgrades without waiting is alone, too",
           bounds{.threads = 3, .note = "1 thread tries to upgrade, 1 reads"}) {
  record r;
  unsigned upgraded = 0;
  together(
      [&] {
        r.m.lock_upgrade();
        if (!r.m.try_unlock_upgrade_and_lock()) return r.m.unlock_upgrade();
        upgraded = 1;
        r.inside.count();
        r.m.unlock();
      },
      [&] { (void)r.read(); });
  r.require_idle(upgraded);
}

PAWL_MODEL("blocking.shared_mutex.try_upgrade",
           "an upgrade that is given up leaves the right to it",
           bounds{.threads = 4,
                  .note = "1 thread upgrades, tries and waits with a deadline; 1 reads, 1 writes",
                  .full = true}) {
  record r;
  unsigned upgraded = 0;
  together(
      [&] {
        r.m.lock_upgrade();
        if (r.m.try_unlock_upgrade_and_lock() || r.m.try_unlock_upgrade_and_lock_for(1ms)) {
          upgraded = 1;
          r.inside.count();
          r.m.unlock_and_lock_upgrade();
        }
        (void)r.inside.counted();
        r.m.unlock_upgrade();
      },
      [&] { (void)r.read(); }, [&] { r.write(); });
  r.require_idle(1 + upgraded);
}

PAWL_MODEL("blocking.shared_mutex.downgrade", "nobody writes between writing and reading",
           bounds{.threads = 4, .note = "1 thread writes and reads on; 1 writes, 1 reads"}) {
  record r;
  together(
      [&] {
        r.m.lock();
        r.inside.count();
        const unsigned mine = r.inside.counted();
        r.m.unlock_and_lock_shared();
        require(r.inside.counted() == mine);
        r.m.unlock_shared();
      },
      [&] { r.write(); }, [&] { (void)r.read(); });
  r.require_idle(2);
}

PAWL_MODEL("blocking.shared_mutex.downgraded_upgrader",
           "who gives up the right to upgrade reads on",
           bounds{.threads = 3, .note = "1 thread writes, may upgrade, reads; 1 upgrades"}) {
  record r;
  together(
      [&] {
        r.m.lock();
        r.inside.count();
        r.m.unlock_and_lock_upgrade();
        r.m.unlock_upgrade_and_lock_shared();
        (void)r.inside.counted();
        r.m.unlock_shared();
      },
      [&] {
        r.m.lock_upgrade();
        (void)r.inside.counted();
        r.m.unlock_upgrade();
      });
  r.require_idle(1);
}

PAWL_MODEL("blocking.shared_mutex.writer_leaves",
           "SHARED-CANCEL: who waited behind a writer goes on",
           bounds{.threads = 4, .note = "read; 1 thread writes with a deadline, 1 reads"}) {
  record r;
  bool wrote = false;
  r.m.lock_shared();
  pawl::thread writer([&] { wrote = r.write_if(r.m.try_lock_for(1ms)); });
  pawl::thread reader([&] { (void)r.read(); });
  const bool is_stuck = pawl::check::choose(2) == 0;
  if (!is_stuck) r.m.unlock_shared();
  writer.join();
  require(!is_stuck || !wrote, "SHARED-EXCLUSION: it wrote beside a reader");
  reader.join();
  if (is_stuck) r.m.unlock_shared();
  r.require_idle(wrote ? 1 : 0);
}

PAWL_MODEL("blocking.shared_mutex.readers_leave", "who writes next comes after all who have read",
           bounds{.threads = 3,
                  .note = "read; 1 thread reads and tries to write, 1 writes with a deadline"}) {
  record r;
  bool wrote = false, waited = false;
  r.m.lock_shared();
  pawl::thread reader([&] {
    (void)r.read();
    wrote = r.write_if(r.m.try_lock());
  });
  pawl::thread writer([&] { waited = r.write_if(r.m.try_lock_for(1ms)); });
  (void)r.inside.counted();
  r.m.unlock_shared();
  reader.join();
  writer.join();
  r.require_idle((wrote ? 1U : 0U) + (waited ? 1U : 0U));
}

PAWL_MODEL("blocking.shared_mutex.stop", "SHARED-CANCEL: stops meet unlocks",
           bounds{.threads = 4,
                  .note = "written; 1 thread writes or reads, to be stopped; unlock"}) {
  record r;
  pawl::stop_source stop;
  const bool reads = pawl::check::choose(2) == 0;
  bool got = false;
  r.m.lock();
  together(
      [&] {
        got = reads ? r.read_if(r.m.lock_shared(stop.get_token()))
                    : r.write_if(r.m.lock(stop.get_token()));
      },
      [&] { r.m.unlock(); }, [&] { stop.request_stop(); });
  r.require_idle(got && !reads ? 1 : 0);
}

PAWL_MODEL("blocking.shared_mutex.left_alone",
           "who unlocks after the last that waited has given up hands over what he did",
           bounds{.threads = 3,
                  .note = "write; 1 thread reads with a deadline, 1 reads or writes"}) {
  record r;
  const bool writes = pawl::check::choose(2) == 0;
  r.m.lock();
  pawl::thread waiter([&] { (void)r.read_if(r.m.try_lock_shared_for(1ms)); });
  pawl::thread newcomer([&] { writes ? r.write() : void(r.read()); });
  r.inside.count();
  r.m.unlock();
  waiter.join();
  newcomer.join();
  r.require_idle(writes ? 2 : 1);
}

PAWL_MODEL("blocking.shared_mutex.destroy", "whoever had it last may destroy it",
           bounds{.threads = 3, .note = "2 readers; 1 thread writes and destroys"}) {
  auto m = std::make_unique<shared_mutex>();
  m->lock_shared();
  m->lock_shared();
  pawl::thread writer([&] {
    m->lock();
    m->unlock();
    m.reset();
  });
  pawl::thread reader([&] { m->unlock_shared(); });
  m->unlock_shared();
  writer.join();
  reader.join();
}
