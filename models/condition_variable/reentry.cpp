// Wake-ups that use it again: they run outside of every turn. And what is known to who wakes up:
// what was done before the notification (CV-HB), though it was not done with the mutex locked.

#include "calls.hpp"

using namespace models;

namespace {

call wait_and_notify(condition_variable& changed, counter& m) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held);
  changed.notify_one();
  co_return count_up(*held, ended);
}

call wait_and_call(condition_variable& changed, counter& m, std::optional<call>& another) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held);
  auto result = count_up(*held, ended);
  held->unlock();
  another = wait(changed, m);
  changed.notify_all();
  co_return result;
}

call wait_and_cancel(condition_variable& changed, counter& m, pawl::stop_source& other) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held);
  other.request_stop();
  co_return count_up(*held, ended);
}

call wait_twice(condition_variable& changed, counter& m, unsigned& looks) {
  auto held = co_await m.lock();
  const auto seen = co_await changed.wait(*held, [&looks] { return ++looks == 3; });
  co_return count_up(*held, seen);
}

call read_after(condition_variable& changed, counter& m, const pawl::cell<int>& x) {
  auto held = co_await m.lock();
  const auto ended = co_await changed.wait(*held);
  require(x.read() == 1);
  co_return count_up(*held, ended);
}

}  // namespace

PAWL_MODEL("condition_variable.reentry.notify", "a wake-up that notifies the next",
           bounds{.threads = 5, .note = "a call that notifies, and one more; notify_one"}) {
  condition_variable changed;
  counter m(0);
  const call a = wait_and_notify(changed, m);
  const call b = wait(changed, m);
  together([&] { changed.notify_one(); });
  require(a.granted() && b.granted());
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.reentry.call", "a wake-up that begins another wait, and tells all",
           bounds{.threads = 5, .note = "a call that calls; notify_one"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> another;
  const call a = wait_and_call(changed, m, another);
  together([&] { changed.notify_one(); });
  require(a.granted() && another->granted());
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.reentry.cancel", "a wake-up that cancels the next",
           bounds{.threads = 5, .note = "a call that cancels another; notify_one"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  const call a = wait_and_cancel(changed, m, stop);
  const call b = wait(changed, m, stop.get_token());
  together([&] { changed.notify_one(); });
  require(a.granted() && b.failed_with(errc::cancelled));
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.reentry.predicate", "who looks in vain waits again, with no loss",
           bounds{.threads = 4, .note = "a call that looks 3 times; 2 notifications"}) {
  condition_variable changed;
  counter m(0);
  unsigned looks = 0;
  const call a = wait_twice(changed, m, looks);
  together([&] {
    for (int sent = 0; sent < 2;) {
      const auto held = m.lock_blocking();
      if (changed.notify_one()) ++sent;
    }
  });
  require(a.granted() && looks == 3);
  require_idle(changed, m, 1);
}

PAWL_MODEL("condition_variable.hb.call", "what is done before the notification is seen",
           bounds{.threads = 4, .note = "a call begins; notify_one until it is told"}) {
  condition_variable changed;
  counter m(0);
  pawl::cell<int> x{0};
  std::optional<call> a;
  bool told = false;
  pawl::stop_source rest;
  together([&] { a = read_after(changed, m, x); },
           [&] {
             x.write(1);
             told = changed.notify_one();
           });
  if (!told) require(changed.notify_one());
  require(a->granted());
}
