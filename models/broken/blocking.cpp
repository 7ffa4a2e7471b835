// What the blocking locks rest on: the parking table, and the bits that go with it.
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <system_error>

#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/blocking/once.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
#include <pawl/blocking/shared_mutex.hpp>

#include "../blocking/calls.hpp"

using namespace models;
using namespace std::chrono_literals;
using namespace pawl::blocking;

PAWL_MODEL("blocking.queue", "all who wait get the lock, one after the other",
           bounds{.threads = 3, .note = "held; 2 threads lock; an unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread a([&] { enter(m, inside); });
  while (!m.has_waiters()) pawl::this_thread::yield();  // one after the other, to have fewer orders
  pawl::thread b([&] { enter(m, inside); });
  m.unlock();
  a.join();
  b.join();
}

PAWL_MODEL("blocking.try", "who locks sees what was done before the unlock",
           bounds{.threads = 3, .note = "2 threads try"}) {
  mutex m;
  entries inside;
  const auto once = [&] { leave_if(m.try_lock(), m, inside); };
  together(once, once);
}

PAWL_MODEL("blocking.fair", "who is handed the lock has it",
           bounds{.threads = 2, .note = "held; 1 thread locks; a fair unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread waiting([&] { enter(m, inside); });
  m.unlock_fair();
  waiting.join();
}

PAWL_MODEL("blocking.time_out", "who gave up waits no longer",
           bounds{.threads = 2, .note = "held; 1 thread locks with a deadline; an unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread waiting([&] { leave_if(m.try_lock_for(1ms), m, inside); });
  m.unlock();
  waiting.join();
}

PAWL_MODEL("blocking.notified", "who waits for what has changed is woken",
           bounds{.threads = 2, .note = "1 thread waits, 1 sets and notifies"}) {
  mutex m;
  condition_variable changed;
  pawl::cell<bool> is_set{false};
  pawl::thread waiting([&] {
    std::unique_lock lock(m);
    changed.wait(lock, [&] { return is_set.read(); });
  });
  {
    const std::lock_guard lock(m);
    is_set.write(true);
  }
  changed.notify_one();
  waiting.join();
}

PAWL_MODEL("blocking.nested", "an inner unlock does not unlock",
           bounds{.threads = 3, .note = "1 thread locks twice, 1 tries"}) {
  recursive_mutex m;
  entries inside;
  together(
      [&] {
        const std::lock_guard outer(m);
        { const std::lock_guard inner(m); }
        inside.count();
        require(m.is_mine(), "the lock is gone after an inner unlock");
      },
      [&] { leave_if(m.try_lock(), m, inside); });
}

PAWL_MODEL("blocking.once", "all who wait for it are told, and see what was done",
           bounds{.threads = 4, .note = "1 thread calls, 2 wait"}) {
  once o;
  pawl::cell<int> value{0};
  const auto wait = [&] {
    o.wait();
    require(value.read() == 1);
  };
  together([&] { o.call([&] { value.write(1); }); }, wait, wait);
}

PAWL_MODEL("blocking.once_seen", "who waits for it sees what was done",
           bounds{.threads = 2, .note = "1 thread waits, 1 calls"}) {
  once o;
  pawl::cell<int> value{0};
  pawl::thread waiting([&] {
    o.wait();
    require(value.read() == 1);
  });
  o.call([&] { value.write(1); });
  waiting.join();
}

PAWL_MODEL("blocking.once_again", "what has thrown was not done",
           bounds{.threads = 1, .note = "a call that throws"}) {
  once o;
  try {
    o.call([] { throw std::runtime_error("thrown by the first attempt"); });
  } catch (const std::runtime_error&) {}
  require(!o.is_done(), "ONCE-RETRY: done by an attempt that has thrown");
}

PAWL_MODEL("blocking.circle", "of threads that would wait for each other one is told",
           bounds{.threads = 3, .note = "2 threads take 2 locks in opposite orders"}) {
  deadlock_checked<> a, b;
  const auto nest = [](deadlock_checked<>& outer, deadlock_checked<>& inner) {
    const std::lock_guard first(outer);
    try {
      const std::lock_guard second(inner);
    } catch (const std::system_error&) {}
  };
  together([&] { nest(a, b); }, [&] { nest(b, a); });
}

namespace {

// Waits until somebody waits for the lock.
void wait_for_waiter(const shared_mutex& m) {
  while (!m.has_waiters()) pawl::this_thread::yield();
}

}  // namespace

PAWL_MODEL("blocking.shared", "a reader sees what was written, and the next writer waits for it",
           bounds{.threads = 3, .note = "1 thread tries to write, 1 to read, twice each"}) {
  shared_mutex m;
  entries inside;
  const auto read = [&] {
    if (!m.try_lock_shared()) return;
    require(inside.counted() <= 2);
    m.unlock_shared();
  };
  together(
      [&] {
        leave_if(m.try_lock(), m, inside);
        leave_if(m.try_lock(), m, inside);
      },
      [&] {
        read();
        read();
      });
}

PAWL_MODEL("blocking.shared_order", "who waits is not passed by who comes later",
           bounds{.threads = 3, .note = "written; 1 thread writes, then 1 reads"}) {
  shared_mutex m;
  entries inside;
  m.lock();
  pawl::thread writer([&] { enter(m, inside); });
  wait_for_waiter(m);
  pawl::thread reader([&] {
    m.lock_shared();
    require(inside.counted() == 1, "SHARED-FIFO: it passed the writer");
    m.unlock_shared();
  });
  m.unlock();
  writer.join();
  reader.join();
}

PAWL_MODEL("blocking.shared_leaver", "who waited behind a writer that gave up goes on",
           bounds{.threads = 3, .note = "read; 1 thread writes with a deadline, 1 reads"}) {
  shared_mutex m;
  entries inside;
  m.lock_shared();
  pawl::thread writer([&] { leave_if(m.try_lock_for(1ms), m, inside); });
  pawl::thread reader([&] {
    m.lock_shared();
    m.unlock_shared();
  });
  reader.join();
  m.unlock_shared();
  writer.join();
}

PAWL_MODEL("blocking.shared_upgrade", "who upgrades waits for the readers to leave",
           bounds{.threads = 2, .note = "1 thread upgrades, 1 reads"}) {
  shared_mutex m;
  entries inside;
  m.lock_shared();
  pawl::thread upgrading([&] {
    m.lock_upgrade();
    m.unlock_upgrade_and_lock();
    inside.count();
    m.unlock();
  });
  require(inside.counted() == 0);
  m.unlock_shared();
  upgrading.join();
}
