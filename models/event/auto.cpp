// AUTO-ONE: each set() lets one wait pass, and one is kept for later. AUTO-FIFO: who waited first
// passes first. EVENT-HB: what was done before set() has been done for whom it lets pass.

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;
using event = pawl::auto_reset_event;
using pawl::check::must_return;

namespace {

count_t passes(const call& c) { return c.granted() ? 1 : 0; }

// Calls that set it again.
call pass_on(event& e) {
  const auto waited = co_await e.wait();
  e.set();
  co_return passed(waited);
}

call wait_and_drop(in_waker, event& e, std::optional<call>& other) {
  const auto waited = co_await e.wait();
  other.reset();
  co_return passed(waited);
}

}  // namespace

PAWL_MODEL("auto_reset_event.one.sets", "as many go as it is set, and one is kept",
           bounds{.threads = 5, .note = "2 calls; 3 sets from two threads"}) {
  event e;
  const call a = wait_for(e);
  const call b = wait_for(e);
  together(
      [&] {
        e.set();
        e.set();
      },
      [&] { e.set(); });
  require(a.granted() && b.granted());
  require(e.is_set() && !e.has_waiters());
  require(e.try_wait() && !e.try_wait());
}

PAWL_MODEL("auto_reset_event.one.kept", "what is set more often than somebody waits counts once",
           bounds{.threads = 6, .note = "a call; 3 sets by one thread; 2 calls after them"}) {
  event e;
  const call a = wait_for(e);
  std::optional<call> b, c;
  together(
      [&] {
        e.set();
        e.set();
        e.set();
        b = wait_for(e);
        c = wait_for(e);
      },
      [&] { (void)e.has_waiters(); });
  require(a.granted() && b->granted());
  require(e.has_waiters() && !e.is_set(), "AUTO-ONE: a set() was kept that should not have been");
  e.set();
  require(c->granted() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.one.kept_in_turn", "also while another thread runs the turn",
           bounds{.threads = 6,
                  .note = "a call; a set; 2 sets and 2 calls of another thread",
                  .full = true}) {
  event e;
  const call a = wait_for(e);
  std::optional<call> b, c;
  together([&] { e.set(); },
           [&] {
             e.set();
             e.set();
             b = wait_for(e);
             c = wait_for(e);
           });
  require(a.granted());
  e.set();
  require(b->granted());
  e.set();
  require(c->granted());
}

PAWL_MODEL("auto_reset_event.one.threads", "threads pass one at a time, and hand on",
           bounds{.threads = 4, .note = "3 threads wait and set; set at first"}) {
  event e(true);
  pawl::cell<int> x{0};
  const auto once = [&] {
    wait_blocking(e);
    x.write(x.read() + 1);
    e.set();
  };
  together(once, once);
  require(x.read() == 2 && e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.wake.arrival", "a wait that begins during set() does not miss it",
           bounds{.threads = 4, .note = "a call from another thread; set"}) {
  event e;
  std::optional<call> a;
  together([&] { a = wait_for(e); }, [&] { e.set(); });
  require(a->granted() && !e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.wake.arrivals", "nor do two",
           bounds{.threads = 5, .note = "a call, and one of another thread; 2 sets"}) {
  event e;
  const call a = wait_for(e);
  std::optional<call> b;
  together([&] { b = wait_for(e); },
           [&] {
             e.set();
             e.set();
           });
  require(a.granted() && b->granted() && !e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.wake.chain", "wake-ups that set it wake the next, at any depth",
           bounds{.threads = 6, .note = "3 calls that set; set meets a try"}) {
  event e;
  const call a = pass_on(e);
  const call b = pass_on(e);
  const call c = pass_on(e);
  bool tried = false;
  together([&] { e.set(); }, [&] { tried = e.try_wait().has_value(); });
  if (tried) e.set();
  require(a.granted() && b.granted() && c.granted());
  require(e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.fifo", "calls pass in the order in which they start",
           bounds{.threads = 5, .note = "2 calls of one thread; set"}) {
  event e;
  std::optional<call> a, b;
  together(
      [&] {
        a = wait_for(e);
        b = wait_for(e);
      },
      [&] { e.set(); });
  require(a->granted() && e.has_waiters());
  e.set();
  require(b->granted() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.fifo.newcomer", "nobody passes before those who wait",
           bounds{.threads = 4, .note = "2 calls; set; a try"}) {
  event e;
  const call a = wait_for(in_waker(), e);
  const call b = wait_for(in_waker(), e);
  together([&] { e.set(); }, [&] { require(!e.try_wait()); });
  require(a.granted() && e.has_waiters());
  e.set();
  require(b.granted());
}

PAWL_MODEL("auto_reset_event.hb", "what was done before set() is seen",
           bounds{.threads = 4, .note = "a call; set; a try"}) {
  event e;
  pawl::cell<int> x{0};
  const call a = read_after(e, x);
  together([&] {
    x.write(1);
    e.set();
  });
  require(a.granted());
}

PAWL_MODEL("auto_reset_event.hb.try", "by a try as well",
           bounds{.threads = 3, .note = "set; a try"}) {
  event e;
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        e.set();
      },
      [&] {
        if (e.try_wait()) require(x.read() == 1);
      });
}

PAWL_MODEL("auto_reset_event.hb.look", "and by a look",
           bounds{.threads = 3, .note = "set; a look"}) {
  event e;
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        e.set();
      },
      [&] {
        if (e.is_set()) require(x.read() == 1);
      });
}

// The loop makes a failed attempt of set() read a value, so that it may find nobody waiting then.
PAWL_MODEL("auto_reset_event.hb.kept", "also if who waited when it was being set was stopped",
           bounds{.threads = 4, .note = "a call to be stopped; set; a try after it has ended"}) {
  event e;
  pawl::cell<int> x{0};
  pawl::stop_source stop;
  const call a = wait_for(in_waker(), e, stop.get_token());
  together(
      [&] {
        x.write(1);
        e.set();
      },
      [&] { stop.request_stop(); },
      [&] {
        while (e.has_waiters()) pawl::this_thread::yield();
        if (e.try_wait()) require(x.read() == 1);
      });
}

PAWL_MODEL("auto_reset_event.hb.taken",
           "who passes sees what was done before a set() of a set event",
           bounds{.threads = 3, .note = "set already; one writes and sets, one passes and looks"}) {
  event e(true);
  pawl::atomic<bool> written{false};
  bool seen = false;
  together(
      [&] {
        written.store(true, pawl::memory_order_relaxed);
        e.set();
      },
      [&] {
        require(e.try_wait().has_value());
        seen = written.load(pawl::memory_order_relaxed);
      });
  require(seen || e.is_set(), "EVENT-HB: the set() is gone, but what came before it was not seen");
}

PAWL_MODEL("auto_reset_event.hb.taken_back", "so does a reset() that takes it back",
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

PAWL_MODEL("auto_reset_event.cancel.stop", "a stop that meets set(): one of them, and it goes on",
           bounds{.threads = 5, .note = "2 calls, the first to be cancelled; set"}) {
  event e;
  pawl::stop_source stop;
  const call a = wait_for(e, stop.get_token());
  const call b = wait_for(e);
  together([&] { e.set(); }, [&] { stop.request_stop(); });
  require(passed_or(a, errc::cancelled));
  require(a.granted() == e.has_waiters(), "a set() was lost, or passed two waits");
  if (a.granted()) e.set();
  require(b.granted() && !e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.cancel.alone", "what nobody waits for any more is kept, once",
           bounds{.threads = 4, .note = "a call to be cancelled; 2 sets"}) {
  event e;
  pawl::stop_source stop;
  const call a = wait_for(e, stop.get_token());
  together(
      [&] {
        e.set();
        e.set();
      },
      [&] { stop.request_stop(); });
  require(passed_or(a, errc::cancelled) && !e.has_waiters());
  require(e.try_wait() && !e.try_wait());
}

PAWL_MODEL("auto_reset_event.cancel.arrival", "a stop meets a set() and a newcomer",
           bounds{.threads = 5, .note = "a call to be cancelled; one of another thread, a set"}) {
  event e;
  pawl::stop_source stop;
  const call a = wait_for(e, stop.get_token());
  std::optional<call> b;
  together([&] { stop.request_stop(); },
           [&] {
             b = wait_for(e);
             e.set();
           });
  if (a.granted()) e.set();
  require(passed_or(a, errc::cancelled) && b->granted());
  require(!e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.cancel.deadline", "a deadline that meets set(): one of them",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; set"}) {
  event e;
  bool went = false;
  together([&] { went = e.wait_blocking_for(1s).has_value(); }, [&] { e.set(); });
  require(went != e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.cancel.destroyed", "who is destroyed when it is his turn passes it on",
           bounds{.threads = 3, .note = "2 calls; the first destroys the second; 2 sets, a try"}) {
  event e;
  std::optional<call> b;
  const call a = wait_and_drop(in_waker(), e, b);
  b = wait_for(in_waker(), e);
  const call c = wait_for(in_waker(), e);
  together(
      [&] {
        e.set();
        e.set();
      },
      [&] { (void)e.is_set(); });
  require(a.granted() && c.granted() && !e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.reset", "reset() takes back what is kept, and nothing from who waits",
           bounds{.threads = 4, .note = "a call; 2 sets; reset"}) {
  event e;
  const call a = wait_for(e);
  bool was_kept = false;
  together(
      [&] {
        e.set();
        e.set();
      },
      [&] { was_kept = e.reset(); });
  require(a.granted() && was_kept != e.is_set() && !e.has_waiters());
}

PAWL_MODEL("auto_reset_event.destroy", "who was let pass may destroy it",
           bounds{.threads = 3, .note = "a call that destroys; set"}) {
  std::optional<event> e(std::in_place);
  event& shared = *e;
  const call a = wait_and_destroy(e);
  together([&] { shared.set(); });
  require(a.granted());
}

PAWL_MODEL("auto_reset_event.progress.set", "set, reset and try return though others are stuck",
           bounds{.threads = 5, .note = "a call; 2 sets; a try; a reset"}) {
  event e;
  const call a = wait_for(e);
  together(
      [&] {
        const must_return section("set()", 60);
        e.set();
        e.set();
      },
      [&] {
        const must_return section("reset() and try_wait()", 60);
        e.reset();
        (void)e.try_wait();
      });
  require(passes(a) == 1);
}
