// Wake-ups that use it again, or throw: they run outside of every turn, and each is on its own.

#include <stdexcept>

#include "../unhandled.hpp"
#include "calls.hpp"

using namespace models;

namespace {

call wait_and_notify(notify& n) {
  const auto notified = co_await n.wait();
  n.notify_one();
  co_return ended(notified);
}

call wait_and_call(notify& n, std::optional<call>& another) {
  const auto notified = co_await n.wait();
  another = wait(n);
  n.notify_waiters();
  co_return ended(notified);
}

call wait_and_cancel(notify& n, pawl::stop_source& other) {
  const auto notified = co_await n.wait();
  other.request_stop();
  co_return ended(notified);
}

call wait_and_throw(notify& n) {
  (void)co_await n.wait();
  throw std::runtime_error("thrown by a wake-up");
}

}  // namespace

PAWL_MODEL("notify.reentry.notify", "a wake-up that notifies the next",
           bounds{.threads = 6, .note = "2 calls that notify, and one more; notify_one"}) {
  notify n;
  const call a = wait_and_notify(n);
  const call b = wait_and_notify(n);
  const call c = wait(n);
  together([&] { n.notify_one(); });
  require(a.granted() && b.granted() && c.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.reentry.call", "a wake-up that waits again, and tells all",
           bounds{.threads = 6, .note = "a call that calls, and one more; notify_one"}) {
  notify n;
  std::optional<call> another;
  const call a = wait_and_call(n, another);
  const call b = wait(n);
  together([&] { n.notify_one(); });
  require(a.granted() && b.granted() && another->granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.reentry.cancel", "a wake-up that cancels the next",
           bounds{.threads = 6, .note = "a call that cancels another; notify_waiters"}) {
  notify n;
  pawl::stop_source stop;
  const call a = wait_and_cancel(n, stop);
  const call b = wait(n, stop.get_token());
  together([&] { n.notify_waiters(); });
  require(a.granted() && notified_or(b, errc::cancelled));
  require_idle(n, 0);
}

PAWL_MODEL("notify.reentry.throw", "a wake-up that throws, and the others are told",
           bounds{.threads = 6, .note = "a call that throws, and one more; notify_waiters"}) {
  const unhandled_counter thrown;
  notify n;
  const call a = wait_and_throw(n);
  const call b = wait(n);
  together([&] { n.notify_waiters(); });
  require(b.granted());
  thrown.wait();
  require_idle(n, 0);
}
