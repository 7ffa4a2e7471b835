// NOTIFY-NO-LOST: a notification ends one wait, or is stored for the next; of those that nobody
// waits for, one is kept.

#include "calls.hpp"

using namespace models;

namespace {

void hand_on(notify& n) {
  wait_blocking(n);
  n.notify_one();
}

}  // namespace

PAWL_MODEL("notify.no_lost.call", "before, during or after the wait begins",
           bounds{.threads = 4, .note = "a call; notify_one"}) {
  notify n;
  std::optional<call> a;
  together([&] { a = wait(n); }, [&] { n.notify_one(); });
  require(a->granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.thread", "so it is for threads", bounds{.threads = 4}) {
  notify n;
  together([&] { wait_blocking(n); }, [&] { n.notify_last(); });
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.chain", "what one hands on to the next comes back",
           bounds{.threads = 2, .note = "1 thread waits and notifies; 1 notifies, then waits"}) {
  notify n;
  pawl::thread other([&] { hand_on(n); });
  n.notify_one();
  other.join();
  wait_blocking(n);
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.chain_of_3", "so it does from one to the next of two",
           bounds{.threads = 3,
                  .note = "2 threads wait and notify; 1 notifies, then waits",
                  .full = true}) {
  notify n;
  pawl::thread first([&] { hand_on(n); });
  pawl::thread second([&] { hand_on(n); });
  n.notify_one();
  first.join();
  second.join();
  wait_blocking(n);
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.given_up", "what came to a place that is given up is passed on",
           bounds{.threads = 4, .note = "a place, given up; 1 thread waits; notify_one"}) {
  notify n;
  auto place = enabled(n);
  together([&] { place.reset(); }, [&] { wait_blocking(n); }, [&] { n.notify_one(); });
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.given_up_again", "so is what comes back, to who waits again",
           bounds{.threads = 4,
                  .note = "1 thread enables and gives up; 1 waits, notifies, waits; notify_one",
                  .full = true}) {
  notify n;
  together([&] { (void)n.enable(); },
           [&] {
             wait_blocking(n);
             n.notify_one();
             wait_blocking(n);
           },
           [&] { n.notify_one(); });
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.stored", "of two that nobody waits for one is kept",
           bounds{.threads = 5, .note = "notify_one, notify_last; a try"}) {
  notify n;
  bool tried = false;
  together([&] { n.notify_one(); }, [&] { n.notify_last(); },
           [&] { tried = n.try_wait().has_value(); });
  require(!n.has_waiters());
  require(tried || n.try_wait().has_value());
  (void)n.try_wait();
  require(failed_with(n.try_wait(), errc::would_block));
}

PAWL_MODEL("notify.no_lost.left_over", "so it is of those that find one wait",
           bounds{.threads = 5, .note = "a call; notify_one, twice"}) {
  notify n;
  const call a = wait(n);
  together([&] { n.notify_one(); }, [&] { n.notify_one(); });
  require(a.granted());
  require_idle(n, 1);
}

PAWL_MODEL("notify.no_lost.turns", "more than a turn can tell are told",
           bounds{.threads = 7, .note = "3 calls; notify_one, notify_last, notify_one"}) {
  notify n;
  const call a = wait(in_waker(), n), b = wait(n), c = wait(in_waker(), n);
  together(
      [&] {
        n.notify_one();
        n.notify_last();
      },
      [&] { n.notify_one(); });
  require(a.granted() && b.granted() && c.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.no_lost.idle_place", "nobody waits for a place that is told and not awaited",
           bounds{.threads = 7, .note = "calls and places in turn, 5 in all; notify_waiters"}) {
  notify n;
  const call a = wait(n);
  const enabled_wait first = n.enable();
  const enabled_wait second = n.enable();
  const call b = wait(n);
  const call c = wait(n);
  together([&] { n.notify_waiters(); });
  require(a.granted() && b.granted() && c.granted());
  require_idle(n, 0);
  require(first.is_notified() && second.is_notified());
}

PAWL_MODEL("notify.no_lost.predicate", "what becomes true before the notification is not missed",
           bounds{.threads = 3, .note = "1 thread waits for it; notify_waiters, or notify_one"}) {
  notify n;
  pawl::atomic<bool> is_true{false};
  const auto pred = [&] { return is_true.load(pawl::memory_order_relaxed); };
  together([&] { require(n.wait_blocking(pred).has_value()); },
           [&, all = pawl::check::choose(2) == 0] {
             is_true.store(true, pawl::memory_order_relaxed);
             all ? n.notify_waiters() : n.notify_one();
           });
  require(!n.has_waiters());
}
