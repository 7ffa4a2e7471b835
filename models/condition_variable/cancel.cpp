// CV-CANCEL: a wait that ends otherwise has used up no notification, unless nobody else could have
// it; and it ends with the lock.

#include <chrono>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

call wait_in_time(condition_variable& changed, counter& m) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait_for(*held, 1s);
  co_return count_up(*held, ended);
}

call wait_in_vain(in_waker, condition_variable& changed, counter& m, pawl::stop_token token) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held, token, [] { return false; });
  co_return count_up(*held, ended);
}

call wait_and_destroy(in_waker, condition_variable& changed, counter& m,
                      std::optional<call>& other) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held);
  other.reset();
  co_return count_up(*held, ended);
}

}  // namespace

PAWL_MODEL("condition_variable.cancel.stop", "a stop that meets the notification: one of them",
           bounds{.threads = 4, .note = "a call that is cancelled; notify_one"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(changed, m, stop.get_token());
  bool notified = false;
  together([&] { notified = changed.notify_one(); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled));
  require(a.granted() == notified, "a notification is used up by who is told of it");
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.cancel.passed_on", "what finds the first one leaving is passed on",
           bounds{.threads = 5, .note = "2 calls, the first is cancelled; notify_one"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop, rest;
  const call a = wait(in_waker(), changed, m, stop.get_token());
  const call b = wait(in_waker(), changed, m, rest.get_token());
  together([&] { require(changed.notify_one()); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled));
  rest.request_stop();
  require(b.granted() != a.granted(), "the notification is lost, or was there twice");
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.cancel.all", "who is told with all is not cancelled",
           bounds{.threads = 5, .note = "2 calls, one is cancelled; notify_all"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(in_waker(), changed, m, stop.get_token());
  const call b = wait(in_waker(), changed, m);
  count_t told = 0;
  together([&] { told = changed.notify_all(); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled) && b.granted());
  require(told == (a.granted() ? 2u : 1u));
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.cancel.locked", "who is cancelled waits for the lock",
           bounds{.threads = 5, .note = "a call is cancelled while 1 thread has the lock"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(changed, m, stop.get_token());
  together([&] { stop.request_stop(); },
           [&] {
             const auto held = m.lock_blocking();
             ++**held;
           });
  require(a.failed_with(errc::cancelled));
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.cancel.beginning", "a stop that comes while it begins to wait",
           bounds{.threads = 4, .note = "a call; request_stop"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  std::optional<call> a;
  together([&] { a = wait(changed, m, stop.get_token()); }, [&] { stop.request_stop(); });
  require(a->failed_with(errc::cancelled));
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.cancel.deadline", "a deadline that meets the notification",
           bounds{.threads = 5, .note = "a call with a deadline; notify_one"}) {
  condition_variable changed;
  counter m(0);
  const call a = wait_in_time(changed, m);
  bool notified = false;
  together([&] { notified = changed.notify_one(); });
  require(notified_or(a, errc::timed_out) && a.granted() == notified);
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.cancel.thread", "so it is for a thread, whose deadline is its own",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; notify_one"}) {
  condition_variable changed;
  counter m(0);
  bool was_notified = false, notified = false;
  together(
      [&] {
        auto held = m.lock_blocking();
        const auto ended = changed.wait_blocking_for(*held, 1s);
        was_notified = count_up(*held, ended).has_value();
      },
      [&] { notified = changed.notify_one(); });
  require(was_notified == notified, "a notification is used up by who is told of it");
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.cancel.stopped_thread", "or has a stop",
           bounds{.threads = 3, .note = "1 thread waits and is stopped; notify_one before"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  bool was_notified = false, notified = false;
  together([&] { was_notified = wait_blocking(changed, m, stop.get_token()); },
           [&] {
             notified = changed.notify_one();
             stop.request_stop();
           });
  require(was_notified == notified);
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.cancel.predicate", "who waits in vain gives up",
           bounds{.threads = 4, .note = "a call with a predicate; notify_one; request_stop"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  const call a = wait_in_vain(in_waker(), changed, m, stop.get_token());
  together([&] { changed.notify_one(); }, [&] { stop.request_stop(); });
  require(a.failed_with(errc::cancelled));
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.cancel.destroy", "a destroyed wait, told or not, passes it on",
           bounds{.threads = 3,
                  .note = "a call that destroys one behind it; 1 more; notify_one or notify_all"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> b;
  pawl::stop_source rest;
  const call a = wait_and_destroy(in_waker(), changed, m, b);
  b = wait(in_waker(), changed, m);
  const call c = wait(in_waker(), changed, m, rest.get_token());
  const bool all = pawl::check::choose(2) == 0;
  together([&] { all ? (void)changed.notify_all() : (void)changed.notify_one(); });
  require(a.granted());
  rest.request_stop();
  require(all ? c.granted() : c.failed_with(errc::cancelled));
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.cancel.on_its_way", "so does one that waits for the lock",
           bounds{.threads = 3, .note = "2 calls; notify_one, then the first is destroyed"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> a = wait(in_waker(), changed, m);
  const call b = wait(in_waker(), changed, m);
  auto held = m.try_lock();
  require(changed.notify_one());
  together([&] { a.reset(); }, [&] { (void)changed.has_waiters(); });
  held->unlock();
  require(b.granted());
  require_idle(changed, m, 1);
}
