// blocking::mutex. BYTE-EXCLUSION: one at a time has the lock; two at a time are a data race on
// what it protects. BYTE-NO-LOST-WAKE-UP: whoever waits gets it when it is free; a model that loses
// one ends in a deadlock. BYTE-HB: an unlock happens before the next lock; without that, there is a
// data race again.

#include <memory>

#include "calls.hpp"

using namespace models;
using pawl::blocking::mutex;

PAWL_MODEL("blocking.mutex.two_threads", "one of two threads at a time, and each in the end",
           bounds{.threads = 3, .note = "2 threads, twice and once"}) {
  mutex m;
  entries inside;
  together(
      [&] {
        enter(m, inside);
        enter(m, inside);
      },
      [&] { enter(m, inside); });
  require_idle(m, inside, 3);
}

PAWL_MODEL("blocking.mutex.three_threads", "one of three threads at a time",
           bounds{.threads = 4, .note = "3 threads, once each"}) {
  mutex m;
  entries inside;
  const auto once = [&] { enter(m, inside); };
  together(once, once, once);
  require_idle(m, inside, 3);
}

PAWL_MODEL("blocking.mutex.queue", "all who wait get it, one after the other",
           bounds{.threads = 3, .note = "held; 2 threads lock; an unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread a([&] { enter(m, inside); });
  pawl::thread b([&] { enter(m, inside); });
  m.unlock();
  a.join();
  b.join();
  require_idle(m, inside, 2);
}

PAWL_MODEL("blocking.mutex.try", "who tries gets in only if nobody else is",
           bounds{.threads = 4, .note = "1 thread locks, 2 try"}) {
  mutex m;
  entries inside;
  unsigned second = 0, third = 0;
  const auto attempt = [&](unsigned& got) { got = leave_if(m.try_lock(), m, inside) ? 1 : 0; };
  together([&] { enter(m, inside); }, [&] { attempt(second); }, [&] { attempt(third); });
  require_idle(m, inside, 1 + second + third);
}

PAWL_MODEL("blocking.mutex.fair", "who is handed the lock has it, whoever else comes",
           bounds{.threads = 4, .note = "held; 1 thread locks; a fair unlock; 1 tries"}) {
  mutex m;
  entries inside;
  bool tried = false;
  m.lock();
  together([&] { enter(m, inside); }, [&] { m.unlock_fair(); },
           [&] { tried = leave_if(m.try_lock(), m, inside); });
  require_idle(m, inside, tried ? 2 : 1);
}

// The holder overtakes the waiter whenever he can.
PAWL_MODEL("blocking.mutex.bypass",
           "BYTE-BYPASS: who was overtaken often enough is handed the lock",
           bounds{.threads = 2,
                  .note = "1 thread waits; 1 unlocks and locks, as often as allowed"}) {
  mutex m;
  pawl::atomic<bool> entered{false};
  m.lock();
  pawl::thread waiting([&] {
    m.lock();
    entered.store(true, pawl::memory_order_relaxed);
    m.unlock();
  });
  const auto is_in = [&] { return entered.load(pawl::memory_order_relaxed); };
  for (unsigned i = 0; i <= pawl::limits::most_overtaken; ++i) {
    while (!m.has_waiters() && !is_in()) pawl::this_thread::yield();
    m.unlock();
    m.lock();
  }
  require(is_in(), "BYTE-BYPASS: it was overtaken once too often");
  m.unlock();
  waiting.join();
}

PAWL_MODEL("blocking.mutex.buckets", "who waits for another lock in the same bucket is left alone",
           bounds{.threads = 4,
                  .note = "2 mutexes of one bucket or of two, held; a thread waits for each; "
                          "unlocked in either order"}) {
  pair_of<mutex> both(pawl::check::choose(2) == 0);
  entries inside[2];
  both.first().lock();
  both.second().lock();
  pawl::thread a([&] { enter(both.first(), inside[0]); });
  pawl::thread b([&] { enter(both.second(), inside[1]); });
  both.second().unlock();
  b.join();
  both.first().unlock();
  a.join();
  require_idle(both.first(), inside[0], 1);
  require_idle(both.second(), inside[1], 1);
}

PAWL_MODEL("blocking.mutex.destroy", "whoever locks last may destroy it",
           bounds{.threads = 3, .note = "held; 1 thread locks and destroys; an unlock"}) {
  auto m = std::make_unique<mutex>();
  entries inside;
  const bool fair = pawl::check::choose(2) == 1;
  m->lock();
  together(
      [&] {
        enter(*m, inside);
        m.reset();
      },
      [&] { fair ? m->unlock_fair() : m->unlock(); });
}
