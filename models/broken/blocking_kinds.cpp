// What the locks add to the parking table that are not simply a mutex: the fair one, the recursive
// one, the one that sees deadlocks; and the condition variable.
#include <chrono>
#include <mutex>
#include <system_error>

#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/recursive_mutex.hpp>

#include "../blocking/calls.hpp"

using namespace models;
using namespace std::chrono_literals;
using namespace pawl::blocking;

namespace {

void lock_unrefused(deadlock_checked<>& m) {
  try {
    m.lock();
  } catch (const std::system_error&) {
    require(false, "DEADLOCK-ONLY: refused for no reason");
  }
}

}  // namespace

PAWL_MODEL("blocking.no_circle", "who has what it waited for waits no longer",
           bounds{.threads = 2, .note = "2 locks; 1 thread has one, and had the other"}) {
  deadlock_checked<> a, b;
  gate had;
  a.lock();
  pawl::thread other([&] {
    b.lock();
    a.lock();
    a.unlock();
    had.open();
    b.unlock();
  });
  a.unlock();
  had.wait();
  a.lock();
  lock_unrefused(b);
  b.unlock();
  a.unlock();
  other.join();
}

PAWL_MODEL("blocking.past_owner", "who had it may wait for it",
           bounds{.threads = 2, .note = "had; 2 threads lock"}) {
  deadlock_checked<> m;
  m.lock();
  m.unlock();
  pawl::thread other([&] {
    lock_unrefused(m);
    m.unlock();
  });
  lock_unrefused(m);
  m.unlock();
  other.join();
}

PAWL_MODEL("blocking.again", "who has unlocked it and locks it again waits for the others",
           bounds{.threads = 3, .note = "1 thread locks twice in turn, 1 once"}) {
  recursive_mutex m;
  entries inside;
  together(
      [&] {
        enter(m, inside);
        enter(m, inside);
      },
      [&] { enter(m, inside); });
}

PAWL_MODEL("blocking.notified_each", "of two that wait both are notified, one after the other",
           bounds{.threads = 3, .note = "2 threads wait; notify_one, twice"}) {
  mutex m;
  condition_variable changed;
  pawl::cell<bool> is_set{false};
  const auto wait = [&] {
    std::unique_lock lock(m);
    changed.wait(lock, [&] { return is_set.read(); });
  };
  pawl::thread first(wait);
  while (!changed.has_waiters()) pawl::this_thread::yield();  // to have fewer orders
  pawl::thread second(wait);
  {
    const std::lock_guard lock(m);
    is_set.write(true);
  }
  changed.notify_one();
  changed.notify_one();
  first.join();
  second.join();
}

PAWL_MODEL("blocking.fair_order", "who waits for a fair mutex is not passed",
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

PAWL_MODEL("blocking.fair_stopped", "what was stopped before locks nothing",
           bounds{.threads = 1, .note = "a stop, then a lock"}) {
  fair_mutex m;
  pawl::stop_source stop;
  stop.request_stop();
  require(!m.lock(stop.get_token()), "BYTE-CANCEL: locked in spite of the stop");
}

PAWL_MODEL("blocking.fair_time_out", "who waits gives up at its deadline",
           bounds{.threads = 2, .note = "held; 1 thread locks with a deadline"}) {
  fair_mutex m;
  m.lock();
  pawl::thread waiting([&] { require(!m.try_lock_for(1ms)); });
  waiting.join();
  m.unlock();
}
