// EVENT-NO-LOST-WAKE: set() reaches everybody who waits, whatever follows it. EVENT-HB: what was
// done before it has been done for them. A model that loses a wake-up ends in a deadlock.

#include <pawl/task/inline_scheduler.hpp>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;
using event = pawl::manual_reset_event;
using pawl::check::must_return;

namespace {

call wait_twice(event& e, gate& between) {
  const auto once = co_await e.wait();
  e.reset();
  between.open();
  const auto again = co_await e.wait();
  co_return passed(once ? again : once);
}

call wait_and_set(event& e, event& next) {
  const auto waited = co_await e.wait();
  next.set();
  co_return passed(waited);
}

call wait_and_cancel(in_waker, event& e, pawl::stop_source& other) {
  const auto waited = co_await e.wait();
  other.request_stop();
  co_return passed(waited);
}

call wait_and_drop(in_waker, event& e, std::optional<call>& other) {
  const auto waited = co_await e.wait();
  other.reset();
  co_return passed(waited);
}

}  // namespace

PAWL_MODEL("manual_reset_event.wake.all", "set() reaches all who wait, more than a turn serves",
           bounds{.threads = 6, .note = "3 calls; set"}) {
  event e;
  const call a = wait_for(e);
  const call b = wait_for(e);
  const call c = wait_for(e);
  together([&] { e.set(); });
  require(a.granted() && b.granted() && c.granted());
  require(e.is_set() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.wake.thread", "threads that come meanwhile do not miss it",
           bounds{.threads = 4, .note = "2 threads wait; set"}) {
  event e;
  together([&] { wait_blocking(e); }, [&] { wait_blocking(e); }, [&] { e.set(); });
  require(e.is_set() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.wake.arrivals", "nor do calls",
           bounds{.threads = 5, .note = "a call, and one from another thread; set"}) {
  event e;
  const call a = wait_for(e);
  std::optional<call> b;
  together([&] { b = wait_for(e); }, [&] { e.set(); });
  require(a.granted() && b->granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.wake.pulse", "set() and reset() in a row reach those who wait",
           bounds{.threads = 5, .note = "2 calls; set and reset; a try"}) {
  event e;
  const call a = wait_for(e);
  const call b = wait_for(e);
  together(
      [&] {
        e.set();
        require(e.reset());
      },
      [&] { (void)e.try_wait(); });
  require(a.granted() && b.granted());
  require(!e.is_set() && !e.has_waiters() && !e.try_wait());
}

PAWL_MODEL("manual_reset_event.wake.late", "also one that is late, behind one that is early",
           bounds{.threads = 5,
                  .note = "a call that starts during set and reset, after which another starts"}) {
  event e;
  std::optional<call> a, b;
  together([&] { a = wait_for(e); },
           [&] {
             e.set();
             e.reset();
             b = wait_for(e);
           });
  if (!e.has_waiters()) return;
  e.set();
  require(a->granted() && b->granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.wake.seen", "who is seen waiting is reached",
           bounds{.threads = 5,
                  .note = "a call, and another one after; a set and reset by who sees one"}) {
  event e;
  std::optional<call> a, b;
  bool seen = false;
  together(
      [&] {
        a = wait_for(e);
        b = wait_for(e);
      },
      [&] {
        seen = e.has_waiters();
        e.set();
        e.reset();
      });
  if (seen) require(a->granted());
  e.set();
  require(a->granted() && b->granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.wake.again", "who waits again waits for the next set()",
           bounds{.threads = 4, .note = "a call that resets and waits again; set, twice"}) {
  event e;
  gate between;
  const call a = wait_twice(e, between);
  together([&] { e.set(); });
  between.wait();
  e.set();
  require(a.granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.hb", "what was done before set() is seen",
           bounds{.threads = 4, .note = "a call; set; a try"}) {
  event e;
  pawl::cell<int> x{0};
  const call a = read_after(e, x);
  together(
      [&] {
        x.write(1);
        e.set();
      },
      [&] {
        if (e.try_wait()) require(x.read() == 1);
      });
  require(a.granted());
}

PAWL_MODEL("manual_reset_event.hb.taken_back",
           "reset() sees what was done before a set() of a set event",
           bounds{.threads = 3, .note = "set already; one writes and sets, one resets and looks"}) {
  event e(true);
  pawl::atomic<bool> written{false};
  bool seen = false;
  together(
      [&] {
        written.store(true, pawl::memory_order_relaxed);
        e.set();
      },
      [&] {
        require(e.reset());
        seen = written.load(pawl::memory_order_relaxed);
      });
  require(seen || e.is_set(), "EVENT-HB: the set() is gone, but what came before it was not seen");
}

PAWL_MODEL("manual_reset_event.cancel.stop", "a stop that meets set(): one of them",
           bounds{.threads = 5, .note = "2 calls, the first to be cancelled; set"}) {
  event e;
  pawl::stop_source stop;
  const call a = wait_for(e, stop.get_token());
  const call b = wait_for(e);
  together([&] { e.set(); }, [&] { stop.request_stop(); });
  require(passed_or(a, errc::cancelled) && b.granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.cancel.deadline", "a deadline that meets set(): one of them",
           bounds{.threads = 5, .note = "2 calls, the first with a deadline; set and reset"}) {
  event e;
  const call a = wait_in_time(e);
  const call b = wait_for(e);
  together([&] {
    e.set();
    e.reset();
  });
  require(passed_or(a, errc::timed_out) && b.granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.cancel.deadline_of_thread", "so it is for a thread that waits",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; set"}) {
  event e;
  together(
      [&] {
        const auto r = e.wait_blocking_for(1s);
        require(r || failed_with(r, errc::timed_out));
      },
      [&] { e.set(); });
  require(e.is_set() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.cancel.destroyed", "a waiter is destroyed during set() and reset()",
           bounds{.threads = 4, .note = "2 calls, the first is destroyed; set and reset"}) {
  event e;
  std::optional<call> a = wait_for(in_waker(), e);
  const call b = wait_for(e);
  a.reset();
  together([&] {
    e.set();
    e.reset();
  });
  require(b.granted() && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.reentry", "a wake-up sets another, cancels or destroys the next",
           bounds{.threads = 6, .note = "4 calls; set"}) {
  event e, next;
  pawl::stop_source stop;
  std::optional<call> d;
  const call last = wait_for(next);
  const call a = wait_and_set(e, next);
  const call b = wait_and_cancel(in_waker(), e, stop);
  const call c = wait_for(in_waker(), e, stop.get_token());
  const call dropper = wait_and_drop(in_waker(), e, d);
  d = wait_for(in_waker(), e);
  together([&] { e.set(); });
  require(a.granted() && b.granted() && dropper.granted() && last.granted());
  require(passed_or(c, errc::cancelled) && !e.has_waiters());
}

PAWL_MODEL("manual_reset_event.destroy", "who was woken last may destroy it",
           bounds{.threads = 3, .note = "a call that destroys; set"}) {
  std::optional<event> e(std::in_place);
  event& shared = *e;
  const call a = wait_and_destroy(e);
  together([&] { shared.set(); });
  require(a.granted());
}

PAWL_MODEL("manual_reset_event.progress.set", "set, reset and try return though others are stuck",
           bounds{.threads = 4, .note = "a call; a thread waits; set and reset; a try"}) {
  event e;
  const call a = wait_for(e);
  together(
      [&] {
        const must_return section("set() and reset()", 60);
        e.set();
        e.reset();
      },
      [&] {
        const must_return section("try_wait()", 10);
        (void)e.try_wait();
      });
  require(a.granted());
}
