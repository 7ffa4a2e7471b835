// What the condition variable adds to the synchronizer: a place that is taken before the unlock, a
// wait that moves on to the mutex, and an end that may come before all are back.
#include "../condition_variable/calls.hpp"

using namespace models;

PAWL_MODEL("condition_variable.early", "who unlocks has a place already",
           bounds{.threads = 3, .note = "1 thread waits for 1; 1 sets and notifies"}) {
  condition_variable changed;
  counter m(0);
  together(
      [&] {
        auto held = m.lock_blocking();
        require(changed.wait_blocking(*held, [&] { return **held == 1; }).has_value());
      },
      [&] {
        **m.lock_blocking() = 1;
        changed.notify_one();
      });
}

PAWL_MODEL("condition_variable.told", "who is told when nobody else can be is not cancelled",
           bounds{.threads = 3, .note = "a call that is cancelled; notify_one"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(in_waker(), changed, m, stop.get_token());
  bool notified = false;
  together([&] { notified = changed.notify_one(); }, [&] { stop.request_stop(); });
  require(a.granted() == notified, "CV-CANCEL: a notification is used up by who was cancelled");
}

PAWL_MODEL("condition_variable.on_its_way", "who is destroyed on its way passes it on",
           bounds{.threads = 1, .note = "2 calls; notify_one, then the first is destroyed"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> a = wait(in_waker(), changed, m);
  const call b = wait(in_waker(), changed, m);
  auto held = m.try_lock();
  changed.notify_one();
  a.reset();
  held->unlock();
  require(b.granted());
}

PAWL_MODEL("condition_variable.ender", "who would have ended the wait may be here still",
           bounds{.threads = 3, .note = "a call that is cancelled; notify_all, and destruction"}) {
  auto changed = std::make_unique<condition_variable>();
  counter m(0);
  pawl::stop_source stop;
  const call a = wait(in_waker(), *changed, m, stop.get_token());
  together(
      [&] {
        changed->notify_all();
        changed.reset();
      },
      [&] { stop.request_stop(); });
  require(notified_or(a, errc::cancelled));
}

PAWL_MODEL("condition_variable.thread", "who wakes a thread hands over what it waited for",
           bounds{.threads = 2, .note = "1 thread waits; notify_one"}) {
  condition_variable changed;
  counter m(0);
  auto held = m.try_lock();
  pawl::thread waiting([&] {
    const auto ended = changed.wait_blocking(*held);
    (void)count_up(*held, ended);
    held->unlock();
  });
  (void)m.lock_blocking();
  changed.notify_one();
  waiting.join();
}
