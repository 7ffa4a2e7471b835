// CV-FIFO: first come, first notified; CV-REQUEUE: and first to have the lock. CV-COUNT: who
// notifies is told how many he ended, and none ends for another reason.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("condition_variable.fifo.first", "notify_one ends the wait that came first",
           bounds{.threads = 6, .note = "2 calls; notify_one; meanwhile 1 more call"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source rest;
  const call a = wait(changed, m);
  const call b = wait(in_waker(), changed, m, rest.get_token());
  std::optional<call> c;
  together([&] { require(changed.notify_one()); },
           [&] { c = wait(in_waker(), changed, m, rest.get_token()); });
  require(a.count() == 0 && a.granted());
  rest.request_stop();
  require(all_failed_with(errc::cancelled, b, *c));
  require_idle(changed, m, 3);
}

PAWL_MODEL("condition_variable.fifo.all", "who are told together have the lock in order",
           bounds{.threads = 4, .note = "2 calls; all are notified; 1 more locks meanwhile"}) {
  condition_variable changed;
  counter m(0);
  const call a = wait(in_waker(), changed, m);
  const call b = wait(in_waker(), changed, m);
  together([&] { require(changed.notify_all() == 2); }, [&] { (void)m.lock_blocking(); });
  require(a.granted() && b.granted() && a.count() < b.count());
  require_idle(changed, m, 2);
}

PAWL_MODEL("condition_variable.fifo.moved", "so have those whom somebody tells who has the lock",
           bounds{.threads = 5, .note = "3 calls; 2 are notified by who has the lock"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source rest;
  const call a = wait(changed, m), b = wait(in_waker(), changed, m);
  const call c = wait(in_waker(), changed, m, rest.get_token());
  together([&] {
    const auto held = m.lock_blocking();
    require(changed.notify_one() && changed.notify_one());
  });
  require(a.granted() && b.granted() && a.count() == 0 && b.count() == 1);
  require(changed.has_waiters());
  rest.request_stop();
  require(c.failed_with(errc::cancelled));
  require_idle(changed, m, 3);
}

PAWL_MODEL("condition_variable.fifo.two", "two notifications at once end two waits",
           bounds{.threads = 6, .note = "3 calls; notify_one, twice"}) {
  condition_variable changed;
  counter m(0);
  pawl::stop_source rest;
  const call a = wait(in_waker(), changed, m), b = wait(changed, m);
  const call c = wait(in_waker(), changed, m, rest.get_token());
  together([&] { require(changed.notify_one()); }, [&] { require(changed.notify_one()); });
  require(a.granted() && b.granted() && changed.has_waiters());
  rest.request_stop();
  require(c.failed_with(errc::cancelled));
  require_idle(changed, m, 3);
}

PAWL_MODEL("condition_variable.fifo.count", "no wait is ended twice, and none for nothing",
           bounds{.threads = 4, .note = "a call; notify_one and notify_all"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> a;
  bool one = false;
  count_t all = 0;
  pawl::stop_source rest;
  together([&] { a = wait(in_waker(), changed, m, rest.get_token()); },
           [&] { one = changed.notify_one(); }, [&] { all = changed.notify_all(); });
  require(one + all <= 1);
  rest.request_stop();
  require(a->granted() == (one + all == 1), "CV-COUNT: it ended for another reason");
  require_idle(changed, m, 1);
}
