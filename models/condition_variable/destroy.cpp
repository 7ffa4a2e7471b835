// CV-DESTROY: it may be destroyed as soon as all who waited were told, though they are on their way
// to the lock, and others have only just found that they can't end the wait any more.

#include <chrono>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

using boxed = std::unique_ptr<condition_variable>;

call wait_and_destroy(boxed& changed, counter& m) {
  auto held = co_await m.lock();
  const auto ended = co_await changed->wait(*held);
  changed.reset();
  co_return count_up(*held, ended);
}

call wait_in_time(condition_variable& changed, counter& m) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait_for(*held, 1s);
  co_return count_up(*held, ended);
}

// Whoever knows that all have begun to wait.
void tell_and_destroy(boxed& changed, counter& m) {
  {
    const auto held = m.lock_blocking();
    changed->notify_all();
  }
  changed.reset();
}

}  // namespace

PAWL_MODEL("condition_variable.destroy.call", "who is told may destroy it",
           bounds{.threads = 4, .note = "a call that destroys; notify_one"}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  const call a = wait_and_destroy(changed, m);
  together([&] { changed->notify_one(); });
  require(a.granted());
}

PAWL_MODEL("condition_variable.destroy.notifier", "so may who told all",
           bounds{.threads = 4, .note = "a call; notify_all, and destruction"}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  const call a = wait(*changed, m);
  together([&] { tell_and_destroy(changed, m); });
  require(a.granted());
}

PAWL_MODEL("condition_variable.destroy.beginning", "when the waiting call is not back yet",
           bounds{.threads = 4, .note = "a call, told and destroyed after its unlock"}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  std::optional<call> a;
  together([&] { a = wait(in_waker(), *changed, m); },
           [&] {
             while (!changed->has_waiters()) pawl::this_thread::yield();
             tell_and_destroy(changed, m);
           });
  require(a->granted());
}

PAWL_MODEL("condition_variable.destroy.stop", "when a stop has come too late, or in time",
           bounds{.threads = 5, .note = "a call that is cancelled; notify_all, and destruction"}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(in_waker(), *changed, m, stop.get_token());
  together([&] { tell_and_destroy(changed, m); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled));
}

PAWL_MODEL("condition_variable.destroy.other_stop", "when who cancels one tells the other",
           bounds{.threads = 5,
                  .note = "2 calls, 1 is cancelled; notify_all, and destruction",
                  .full = true}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(in_waker(), *changed, m, stop.get_token());
  const call b = wait(in_waker(), *changed, m);
  together([&] { tell_and_destroy(changed, m); }, [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled) && b.granted());
}

PAWL_MODEL("condition_variable.destroy.deadline", "when a deadline has passed meanwhile",
           bounds{.threads = 4, .note = "a call with a deadline; notify_all, and destruction"}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  const call a = wait_in_time(*changed, m);
  together([&] { tell_and_destroy(changed, m); });
  require(notified_or(a, errc::timed_out));
}

PAWL_MODEL("condition_variable.destroy.thread", "so it is with a thread and its deadline",
           bounds{.threads = 3,
                  .note = "1 thread in time; notify_all, and destruction",
                  .full = true}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  auto held = m.try_lock();
  together(
      [&] {
        const auto ended = changed->wait_blocking_for(*held, 1s);
        (void)count_up(*held, ended);
        held->unlock();
      },
      [&] { tell_and_destroy(changed, m); });
}
