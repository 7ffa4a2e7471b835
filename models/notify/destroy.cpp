// Destroying it as soon as nobody needs it: who is notified last may. What is touched afterwards is
// a use after free. And owners: the wait in progress keeps it alive.

#include "calls.hpp"

using namespace models;

namespace {

using boxed = std::unique_ptr<notify>;

call wait_and_destroy(boxed& n) {
  const auto notified = co_await n->wait();
  n.reset();
  co_return ended(notified);
}
call wait_and_destroy(in_waker, boxed& n) {
  const auto notified = co_await n->wait();
  n.reset();
  co_return ended(notified);
}

call await_owned(std::shared_ptr<notify> of) {
  const auto notified = co_await pawl::wait_owned(std::move(of));
  co_return ended(notified);
}
call await_owned(std::shared_ptr<notify> of, pawl::stop_token token) {
  const auto notified = co_await pawl::wait_owned(std::move(of), token);
  co_return ended(notified);
}

void send(notify& n, std::uint32_t how) {
  if (how == 0) return n.notify_one();
  if (how == 1) return n.notify_last();
  n.notify_waiters();
}

}  // namespace

PAWL_MODEL("notify.destroy.call", "who is notified may destroy it, in whatever way",
           bounds{.threads = 4, .note = "a call that destroys; a notification"}) {
  auto n = std::make_unique<notify>();
  const call a = wait_and_destroy(n);
  together([&, how = pawl::check::choose(3)] { send(*n, how); });
  require(a.granted());
}

PAWL_MODEL("notify.destroy.thread", "so may a thread, whether it had to wait or not",
           bounds{.threads = 3, .note = "1 thread waits and destroys; notify_one"}) {
  auto n = std::make_unique<notify>();
  together(
      [&] {
        wait_blocking(*n);
        n.reset();
      },
      [&] { n->notify_one(); });
}

PAWL_MODEL("notify.destroy.made", "so may one whose wait was made, and ended by a broadcast",
           bounds{.threads = 4, .note = "a wait made; notify_waiters"}) {
  auto n = std::make_unique<notify>();
  made_wait made = n->wait();
  together([&] { n->notify_waiters(); },
           [&] {
             const call a = await(made);
             require(a.granted());
             n.reset();
           });
}

PAWL_MODEL("notify.destroy.last", "so may the last of those who are told",
           bounds{.threads = 3, .note = "2 calls, the second destroys; notify_waiters"}) {
  auto n = std::make_unique<notify>();
  const call a = wait(in_waker(), *n);
  const call b = wait_and_destroy(in_waker(), n);
  together([&] { n->notify_waiters(); });
  require(a.granted() && b.granted());
}

PAWL_MODEL("notify.destroy.owned", "a wait may be the last owner",
           bounds{.threads = 4, .note = "a wait; notify_one by who owns nothing"}) {
  auto n = std::make_shared<notify>();
  notify& borrowed = *n;
  const call a = await_owned(std::move(n));
  together([&] { borrowed.notify_one(); });
  require(a.granted());
}

PAWL_MODEL("notify.destroy.owned_cancelled", "so may one that is cancelled",
           bounds{.threads = 4, .note = "a wait that is cancelled"}) {
  auto n = std::make_shared<notify>();
  pawl::stop_source stop;
  const call a = await_owned(std::move(n), stop.get_token());
  together([&] { stop.request_stop(); });
  require(a.failed_with(errc::cancelled));
}
