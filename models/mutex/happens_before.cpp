// MUTEX-HB: what is done under the lock happens before the return of the next lock, whichever way;
// and what led to a failure, before it. The cells show it, which the mutex does not protect.

#include "calls.hpp"

using namespace models;

namespace {

// Something done under the lock.
struct protected_write {
  void write_and_unlock() {
    x.write(1);
    held->unlock();
  }

  counter m;
  pawl::cell<int> x{0};
  pawl::result<guard> held = m.try_lock();
};

call read_after(counter& m, const pawl::cell<int>& x) {
  const auto locked = co_await m.lock();
  require(x.read() == 1);
  co_return count_up(locked);
}

call read_after(counter& m, pawl::stop_token token, const pawl::cell<int>& x) {
  const auto locked = co_await m.lock(token);
  require(x.read() == 1);
  co_return count_up(locked);
}

}  // namespace

PAWL_MODEL("mutex.hb.call", "the unlock happens before the return of a call that waits",
           bounds{.threads = 4, .note = "2 calls; an unlock"}) {
  protected_write p;
  const call a = enter(p.m);
  const call b = read_after(p.m, p.x);
  together([&] { p.write_and_unlock(); });
  require(a.granted() && b.granted());
}

PAWL_MODEL("mutex.hb.thread", "so it does for threads that wait or try",
           bounds{.threads = 4, .note = "an unlock; 1 thread locks, 1 tries"}) {
  protected_write p;
  together([&] { p.write_and_unlock(); },
           [&] {
             const auto locked = p.m.lock_blocking();
             require(p.x.read() == 1);
           },
           [&] {
             if (p.m.try_lock()) require(p.x.read() == 1);
           });
}

PAWL_MODEL("mutex.hb.looked_at", "who sees it free has seen what was done under the lock",
           bounds{.threads = 3, .note = "an unlock; 1 thread looks"}) {
  protected_write p;
  together([&] { p.write_and_unlock(); },
           [&] {
             if (!p.m.is_locked()) require(p.x.read() == 1);
           });
}

PAWL_MODEL("mutex.hb.poison", "what led to the poison happens before the refusal, and the repair",
           bounds{.threads = 4, .note = "poison; 1 thread tries, 1 takes over"}) {
  counter m;
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        m.poison();
      },
      [&] {
        if (failed_with(m.try_lock(), errc::poisoned)) require(x.read() == 1);
      },
      [&] {
        const bool poisoned = m.is_poisoned();
        const auto taken = m.clear_poison();
        if (poisoned) require(x.read() == 1);
      });
}

PAWL_MODEL("mutex.hb.poison_of_others", "so for who finds that somebody else has taken over",
           bounds{.threads = 3, .note = "1 thread poisons and takes over, 1 takes over"}) {
  counter m;
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        m.poison();
        (void)count_up(m.clear_poison());
      },
      [&] {
        if (failed_with(m.clear_poison(), errc::would_block)) require(x.read() == 1);
      });
}

PAWL_MODEL("mutex.hb.cancellation", "the stop request happens before the end of the wait",
           bounds{.threads = 3, .note = "a call that is cancelled"}) {
  counter m;
  pawl::stop_source stop;
  pawl::cell<int> x{0};
  const auto held = m.try_lock();
  const call a = read_after(m, stop.get_token(), x);
  together([&] {
    x.write(1);
    stop.request_stop();
  });
  require(a.failed_with(errc::cancelled));
}
