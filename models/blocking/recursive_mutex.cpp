// blocking::recursive_mutex and fair_mutex: what they add to the mutex.

#include <chrono>

#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/recursive_mutex.hpp>

#include "calls.hpp"

using namespace models;
using pawl::blocking::fair_mutex;
using pawl::blocking::recursive_mutex;
using namespace std::chrono_literals;

PAWL_MODEL("blocking.recursive_mutex.nested", "it is free after as many unlocks as locks",
           bounds{.threads = 3, .note = "1 thread locks twice, 1 once and tries"}) {
  recursive_mutex m;
  entries inside;
  const auto nested = [&](bool again) {
    m.lock();
    inside.count();
    if (again) {
      require(m.try_lock());
      inside.count();
      m.unlock();
      inside.count();
    }
    m.unlock();
  };
  bool tried = false;
  together([&] { nested(true); },
           [&] {
             tried = leave_if(m.try_lock(), m, inside);
             nested(false);
           });
  require(inside.counted() == (tried ? 5u : 4u) && !m.is_locked());
}

PAWL_MODEL("blocking.recursive_mutex.stop", "a stop meets the last unlock of several",
           bounds{.threads = 4, .note = "held twice; 1 thread locks, to be stopped; 2 unlocks"}) {
  recursive_mutex m;
  entries inside;
  pawl::stop_source stop;
  bool got = false;
  m.lock();
  m.lock();
  pawl::thread other([&] {
    if (!(got = m.lock(stop.get_token()))) return;
    require(m.try_lock());
    inside.count();
    m.unlock();
    m.unlock();
  });
  pawl::thread stopper([&] { stop.request_stop(); });
  m.unlock();
  m.unlock();
  other.join();
  stopper.join();
  require(!m.is_locked() && !m.is_mine() && inside.counted() == (got ? 1u : 0u));
}

PAWL_MODEL("blocking.recursive_mutex.time_out", "so does a deadline; who gave up does not own it",
           bounds{.threads = 3, .note = "2 threads lock, one with a deadline, and again inside"}) {
  recursive_mutex m;
  entries inside;
  bool got = false;
  together([&] { got = leave_if(m.try_lock_for(1ms), m, inside); },
           [&] {
             m.lock();
             require(m.try_lock_for(1ms));
             inside.count();
             m.unlock();
             m.unlock();
           });
  require(!m.is_locked() && inside.counted() == (got ? 2u : 1u));
}

PAWL_MODEL("blocking.fair_mutex.fifo", "BYTE-FIFO: who comes later does not pass who waits",
           bounds{.threads = 2, .note = "held; 1 thread locks; unlocked and locked again"}) {
  fair_mutex m;
  entries inside;
  m.lock();
  pawl::thread waiting([&] { enter(m, inside); });
  while (!m.has_waiters()) pawl::this_thread::yield();
  m.unlock();
  m.lock();
  require(inside.counted() == 1, "BYTE-FIFO: it was passed");
  m.unlock();
  waiting.join();
}

PAWL_MODEL("blocking.fair_mutex.give_up", "who gave up is not handed anything",
           bounds{.threads = 3, .note = "held; 1 thread locks with a deadline, 1 without"}) {
  fair_mutex m;
  entries inside;
  bool got = false;
  m.lock();
  pawl::thread first([&] { got = leave_if(m.try_lock_for(1ms), m, inside); });
  pawl::thread second([&] { enter(m, inside); });
  m.unlock();
  first.join();
  second.join();
  require_idle(m, inside, got ? 2 : 1);
}
