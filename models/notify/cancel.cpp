// NOTIFY-CANCEL: a wait that ends otherwise, or is destroyed, has left no trace; a notification
// that comes meanwhile is delivered, or passed on, with its strategy.

#include <pawl/task/spawn.hpp>
#include <pawl/task/this_task.hpp>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

call wait_in_time(notify& n) {
  const auto notified = co_await n.wait_for(1s);
  co_return ended(notified);
}
call wait_in_time(notify& n, const bool& is_true) {
  const auto seen = co_await n.wait_for(1s, [&is_true] { return is_true; });
  co_return ended(seen);
}

pawl::task<bool> wait_as_task(notify& n) {
  const pawl::stop_token stop = co_await pawl::this_task::get_stop_token();
  const auto notified = co_await n.wait(stop);
  co_return notified.has_value();
}

// A call that destroys another one when it is notified.
call wait_and_destroy(in_waker, notify& n, std::optional<call>& other) {
  const auto notified = co_await n.wait();
  other.reset();
  co_return ended(notified);
}

}  // namespace

PAWL_MODEL("notify.cancel.stop", "a stop that meets the notification: one of them, never both",
           bounds{.threads = 6, .note = "2 calls, the first is cancelled; notify_one"}) {
  notify n;
  pawl::stop_source stop, rest;
  const call a = wait(n, stop.get_token());
  const call b = wait(n, rest.get_token());
  together([&] { n.notify_one(); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled));
  if (a.granted()) {
    rest.request_stop();
    require(b.failed_with(errc::cancelled));
  }
  require(a.granted() || b.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.stored", "what meets the only wait as it is cancelled is not lost",
           bounds{.threads = 4, .note = "1 thread waits and is cancelled; notify_last"}) {
  notify n;
  pawl::stop_source stop;
  bool was_notified = false;
  together(
      [&] {
        const auto r = n.wait_blocking(stop.get_token());
        require(r || failed_with(r, errc::cancelled));
        was_notified = r.has_value();
      },
      [&] { n.notify_last(); }, [&] { stop.request_stop(); });
  require_idle(n, was_notified ? 0 : 1);
}

PAWL_MODEL("notify.cancel.broadcast", "so does a broadcast, which leaves nothing behind",
           bounds{.threads = 5, .note = "2 calls, one is cancelled; notify_waiters"}) {
  notify n;
  pawl::stop_source stop;
  const call a = wait(n, stop.get_token());
  const call b = wait(n);
  together([&] { n.notify_waiters(); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled) && b.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.deadline", "a deadline that meets the notification: one of them",
           bounds{.threads = 5, .note = "a call with a deadline; notify_one"}) {
  notify n;
  const call a = wait_in_time(n);
  together([&] { n.notify_one(); });
  require(notified_or(a, errc::timed_out));
  require_idle(n, a.granted() ? 0 : 1);
}

PAWL_MODEL("notify.cancel.deadline_of_thread", "so it is for a thread that waits",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; notify_one"}) {
  notify n;
  bool was_notified = false;
  together(
      [&] {
        const auto r = n.wait_blocking_for(1s);
        require(r || failed_with(r, errc::timed_out));
        was_notified = r.has_value();
      },
      [&] { n.notify_one(); });
  require_idle(n, was_notified ? 0 : 1);
}

PAWL_MODEL("notify.cancel.predicate", "who waits in vain for something to be true gives up",
           bounds{.threads = 5, .note = "a call with a deadline; notify_one, twice"}) {
  notify n;
  const bool is_true = false;
  const call a = wait_in_time(n, is_true);
  together([&] { n.notify_one(); });
  require(a.failed_with(errc::timed_out));
  (void)n.try_wait();
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.task", "aborting a task ends its wait",
           bounds{.threads = 5, .note = "1 spawned task; abort; notify_one"}) {
  notify n;
  auto a = pawl::spawn(wait_as_task(n));
  pawl::thread notifier([&] { n.notify_one(); });
  a.abort();
  const auto r = std::move(a).join_blocking();
  notifier.join();
  require_idle(n, r && *r ? 0 : 1);
}

PAWL_MODEL("notify.cancel.given_up", "what comes to a place that is given up goes to the next",
           bounds{.threads = 5, .note = "a place, given up; a call behind it; notify_one"}) {
  notify n;
  auto place = enabled(n);
  const call b = wait(n);
  together([&] { n.notify_one(); }, [&] { place.reset(); });
  require(b.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.given_up_last", "what was for the last goes to the new last",
           bounds{.threads = 6, .note = "2 calls; a place behind them, given up; notify_last"}) {
  notify n;
  pawl::stop_source rest;
  const call a = wait(n, rest.get_token());
  const call b = wait(n);
  auto place = enabled(n);
  together([&] { n.notify_last(); }, [&] { place.reset(); });
  require(b.granted());
  rest.request_stop();
  require(a.failed_with(errc::cancelled));
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.given_up_told", "what a broadcast told to a place is not passed on",
           bounds{.threads = 3, .note = "a place, given up; notify_waiters"}) {
  notify n;
  auto place = enabled(n);
  together([&] { n.notify_waiters(); }, [&] { place.reset(); });
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.destroyed_by_first", "who is notified destroys the next",
           bounds{.threads = 5,
                  .note = "3 calls, the first destroys the second; notify_one, twice"}) {
  notify n;
  std::optional<call> b;
  const call a = wait_and_destroy(in_waker(), n, b);
  b = wait(in_waker(), n);
  const call c = wait(n);
  together([&] {
    n.notify_one();
    n.notify_one();
  });
  require(a.granted() && c.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.cancel.destroyed_waiting", "a waiter is destroyed during the notification",
           bounds{.threads = 5, .note = "2 calls, the second is destroyed; notify_one"}) {
  notify n;
  const call a = wait(n);
  std::optional<call> b = wait(n);
  pawl::thread notifier([&] { n.notify_one(); });
  b.reset();
  notifier.join();
  require(a.granted());
  require_idle(n, 0);
}
