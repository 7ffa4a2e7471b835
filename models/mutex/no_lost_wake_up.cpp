// MUTEX-NO-LOST-WAKE-UP: whoever waits gets the lock when it is free. A model that loses one ends
// in a deadlock.

#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/sync_wait.hpp>

#include "calls.hpp"

using namespace models;

namespace {

call enter(pawl::inline_scheduler&, counter& m) {
  const auto locked = co_await m.lock();
  co_return count_up(locked);
}

pawl::task<count_t> take(counter& m) {
  const auto locked = co_await m.lock();
  co_return count_up(locked).value();
}

}  // namespace

PAWL_MODEL("mutex.no_lost_wake_up.release", "who unlocks hands over",
           bounds{.threads = 3, .note = "2 threads lock and unlock"}) {
  counter m;
  const auto once = [&] { enter_blocking(m); };
  together(once, once);
  require_idle(m, 2);
}

PAWL_MODEL("mutex.no_lost_wake_up.arrival", "a call that starts during an unlock is not forgotten",
           bounds{.threads = 5, .note = "a call, and one from another thread; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter(m);
  std::optional<call> b;
  together([&] { b = enter(m); }, [&] { held->unlock(); });
  require(a.granted() && b->granted());
  require_idle(m, 2);
}

PAWL_MODEL("mutex.no_lost_wake_up.arrivals", "nor are two",
           bounds{.threads = 6, .note = "2 calls from two threads; an unlock", .full = true}) {
  counter m;
  auto held = m.try_lock();
  std::optional<call> a, b;
  together([&] { a = enter(m); }, [&] { b = enter(m); }, [&] { held->unlock(); });
  require(a->granted() && b->granted());
  require_idle(m, 2);
}

PAWL_MODEL("mutex.no_lost_wake_up.chain", "wake-ups that unlock wake the next, at any depth",
           bounds{.threads = 7, .note = "4 calls; an unlock meets a try"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter(m);
  const call b = enter(m);
  const call c = enter(m);
  const call d = enter(m);
  bool tried = false;
  together([&] { held->unlock(); }, [&] { tried = count_up(m.try_lock()).has_value(); });
  require(a.granted() && b.granted() && c.granted() && d.granted());
  require_idle(m, tried ? 5 : 4);
}

PAWL_MODEL("mutex.no_lost_wake_up.cancelled_head", "who leaves the queue lets in the next",
           bounds{.threads = 5, .note = "2 calls, the first to be cancelled; an unlock"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = enter(m, stop.get_token());
  const call b = enter(m);
  together([&] { stop.request_stop(); }, [&] { held->unlock(); });
  require(entered_or(a, errc::cancelled) && b.granted());
  require_idle(m, a.granted() ? 2 : 1);
}

PAWL_MODEL("mutex.no_lost_wake_up.inline_scheduler", "an inline_scheduler runs them after the turn",
           bounds{.threads = 3, .note = "3 calls; an unlock meets a try"}) {
  counter m;
  pawl::inline_scheduler here;
  auto held = m.try_lock();
  const call a = enter(here, m);
  const call b = enter(here, m);
  const call c = enter(here, m);
  together([&] { held->unlock(); }, [&] { (void)count_up(m.try_lock()); });
  require(a.granted() && b.granted() && c.granted() && !m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("mutex.no_lost_wake_up.sync_wait", "a thread that runs a task wakes up too",
           bounds{.threads = 3, .note = "2 threads run a task that locks"}) {
  counter m;
  const auto once = [&] { require(pawl::sync_wait(take(m)) < 2); };
  together(once, once);
  require_idle(m, 2);
}

PAWL_MODEL("mutex.no_lost_wake_up.free_try", "a try of a mutex that nobody has succeeds",
           bounds{.threads = 4, .note = "a cancelled call; a try after it"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = enter(m, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { held->unlock(); });
  require(entered_or(a, errc::cancelled));
  require(m.try_lock().has_value());
}
