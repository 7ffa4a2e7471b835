// MUTEX-CANCEL: a wait that ends without the lock has left no trace; a lock that is granted
// meanwhile is delivered, or handed on. Cancelling never poisons.

#include <pawl/task/spawn.hpp>
#include <pawl/task/this_task.hpp>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

call enter_in_time(counter& m) {
  const auto locked = co_await m.lock_for(1s);
  co_return count_up(locked);
}

pawl::task<count_t> enter_as_task(counter& m) {
  const pawl::stop_token stop = co_await pawl::this_task::get_stop_token();
  const auto locked = co_await m.lock(stop);
  co_return count_up(locked).value_or(7);
}

// Calls that destroy another one when they have the lock.
call enter_and_destroy(in_waker, counter& m, std::optional<call>& other) {
  const auto locked = co_await m.lock();
  other.reset();
  co_return count_up(locked);
}

// Calls twice, and destroys both before they are granted anything; or else they are.
void call_and_destroy(counter& m, count_t& entered) {
  std::optional<call> a = enter(in_waker(), m);
  a.reset();
  entered = count_up(m.try_lock()).has_value() ? 1 : 0;
}

}  // namespace

PAWL_MODEL("mutex.cancel.stop", "a stop that meets the hand-over: one of them, never both",
           bounds{.threads = 4, .note = "a call to be cancelled; an unlock"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = enter(m, stop.get_token());
  together([&] { held->unlock(); }, [&] { stop.request_stop(); });
  require(entered_or(a, errc::cancelled));
  require_idle(m, a.granted() ? 1 : 0);
}

PAWL_MODEL("mutex.cancel.neighbours", "two in the queue are cancelled while it is handed over",
           bounds{.threads = 6, .note = "2 calls to be cancelled; an unlock", .full = true}) {
  counter m;
  pawl::stop_source first, second;
  auto held = m.try_lock();
  const call a = enter(m, first.get_token());
  const call b = enter(m, second.get_token());
  together([&] { first.request_stop(); }, [&] { second.request_stop(); }, [&] { held->unlock(); });
  require(entered_or(a, errc::cancelled) && entered_or(b, errc::cancelled));
  require_idle(m, (a.granted() ? 1 : 0) + (b.granted() ? 1 : 0));
}

PAWL_MODEL("mutex.cancel.two", "two in the queue are cancelled at once",
           bounds{.threads = 6, .note = "2 calls to be cancelled, and one more"}) {
  counter m;
  pawl::stop_source first, second;
  auto held = m.try_lock();
  const call a = enter(m, first.get_token());
  const call b = enter(m, second.get_token());
  const call c = enter(m);
  together([&] { first.request_stop(); }, [&] { second.request_stop(); });
  require(all_failed_with(errc::cancelled, a, b));
  held->unlock();
  require(c.count() == 0);
  require_idle(m, 1);
}

PAWL_MODEL("mutex.cancel.again", "after a cancelled wait the same thread can wait again",
           bounds{.threads = 4, .note = "1 thread locks, again if cancelled; a stop; an unlock"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  together(
      [&] {
        if (!count_up(m.lock_blocking(stop.get_token()))) enter_blocking(m);
      },
      [&] { stop.request_stop(); }, [&] { held->unlock(); });
  require_idle(m, 1);
}

PAWL_MODEL("mutex.cancel.deadline", "a deadline that meets the hand-over: one of them, never both",
           bounds{.threads = 5, .note = "2 calls, the first with a deadline; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter_in_time(m);
  const call b = enter(m);
  together([&] { held->unlock(); });
  require(entered_or(a, errc::timed_out) && b.granted());
  require_idle(m, a.granted() ? 2 : 1);
}

PAWL_MODEL("mutex.cancel.deadline_of_thread", "so it is for a thread that waits",
           bounds{.threads = 3, .note = "1 thread locks with a deadline; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  bool entered = false;
  together(
      [&] {
        const auto r = count_up(m.lock_blocking_for(1s));
        require(r || failed_with(r, errc::timed_out));
        entered = r.has_value();
      },
      [&] { held->unlock(); });
  require_idle(m, entered ? 1 : 0);
}

PAWL_MODEL("mutex.cancel.deadline_passed", "a deadline that has passed makes it a try",
           bounds{.threads = 3, .note = "1 thread locks with deadlines in the past; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  bool entered = false;
  together(
      [&] {
        const auto r = count_up(m.lock_blocking_for(-1s));
        require(r || failed_with(r, errc::timed_out));
        entered = r.has_value();
      },
      [&] { held->unlock(); });
  require_idle(m, entered ? 1 : 0);
}

PAWL_MODEL("mutex.cancel.task", "aborting a task ends its wait",
           bounds{.threads = 4, .note = "1 spawned task; abort; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  auto a = pawl::spawn(enter_as_task(m));
  pawl::thread unlocker([&] { held->unlock(); });
  a.abort();
  const auto r = std::move(a).join_blocking();
  unlocker.join();
  require(!r || *r == 0 || *r == 7);
  require(!m.is_locked() && !m.has_waiters() && !m.is_poisoned());
}

PAWL_MODEL("mutex.cancel.destroyed", "a waiter is destroyed during the unlock",
           bounds{.threads = 4, .note = "2 calls, the second is destroyed; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter_and_stay(m);
  std::optional<call> b = enter(m);
  pawl::thread unlocker([&] { held->unlock(); });
  b.reset();
  unlocker.join();
  require(a.granted() && m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("mutex.cancel.destroyed_by_holder", "who is handed the lock destroys the next",
           bounds{.threads = 3, .note = "2 calls, the second is destroyed; an unlock, a try"}) {
  counter m;
  auto held = m.try_lock();
  std::optional<call> b;
  const call a = enter_and_destroy(in_waker(), m, b);
  b = enter(in_waker(), m);
  bool tried = false;
  together([&] { held->unlock(); }, [&] { tried = count_up(m.try_lock()).has_value(); });
  require(a.granted());
  require_idle(m, tried ? 2 : 1);
}

PAWL_MODEL("mutex.cancel.concurrent", "calls that start and end meanwhile leave nothing behind",
           bounds{.threads = 3,
                  .note = "2 threads call and destroy, then try, one after the other"}) {
  counter m;
  auto held = m.try_lock();
  count_t first = 0, second = 0;
  together([&] { call_and_destroy(m, first); }, [&] { call_and_destroy(m, second); });
  require(first == 0 && second == 0);
  held->unlock();
  require_idle(m, 0);
}
