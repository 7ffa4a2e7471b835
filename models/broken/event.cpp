// What events, latch and wait_group add to the synchronizer: epochs, and sets that are counted.
#include "../event/calls.hpp"

using namespace models;

PAWL_MODEL("event.pulse", "set() reaches who waits, though reset() follows",
           bounds{.threads = 3, .note = "a call, and one of another thread; set and reset"}) {
  pawl::manual_reset_event e;
  const call a = wait_for(in_waker(), e);
  std::optional<call> b;
  together([&] { b = wait_for(in_waker(), e); },
           [&] {
             e.set();
             e.reset();
           });
  require(a.granted());
  e.set();
  require(b->granted());
}

PAWL_MODEL("event.late", "also if another one begins to wait before it has gone",
           bounds{.threads = 3,
                  .note = "a call; a call that is seen between 2 pulses, then another one"}) {
  pawl::manual_reset_event e;
  const call first = wait_for(in_waker(), e);
  std::optional<call> a, b;
  bool is_seen = false;
  together([&] { a = wait_for(in_waker(), e); },
           [&] {
             e.set();
             e.reset();
             is_seen = e.has_waiters();
             e.set();
             e.reset();
             b = wait_for(in_waker(), e);
           });
  if (is_seen) require(a->granted());
  e.set();
  require(first.granted() && a->granted() && b->granted());
}

PAWL_MODEL("event.looked", "who finds it set sees what was done before",
           bounds{.threads = 3, .note = "set; a try"}) {
  pawl::manual_reset_event e;
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

PAWL_MODEL("event.taken_back", "reset() sees what was done before a set() of a set event",
           bounds{.threads = 3, .note = "set already; one writes and sets, one resets and looks"}) {
  pawl::manual_reset_event e(true);
  pawl::atomic<bool> written{false};
  bool seen = false;
  together(
      [&] {
        written.store(true, pawl::memory_order_relaxed);
        e.set();
      },
      [&] {
        e.reset();
        seen = written.load(pawl::memory_order_relaxed);
      });
  require(seen || e.is_set(), "EVENT-HB: the set() is gone, but what came before it was not seen");
}

PAWL_MODEL("event.kept", "what is set more often than somebody waits counts once",
           bounds{.threads = 2, .note = "2 sets"}) {
  pawl::auto_reset_event e;
  together([&] {
    e.set();
    e.set();
  });
  require(e.try_wait() && !e.try_wait(), "AUTO-ONE: two waits pass, nobody waited");
}

PAWL_MODEL("event.let_pass", "who passes an auto-reset event sees what was done before",
           bounds{.threads = 3, .note = "set; a try"}) {
  pawl::auto_reset_event e;
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

PAWL_MODEL("event.taken_from_waiter", "reset() leaves alone what releases somebody who waits",
           bounds{.threads = 3, .note = "a call; set, reset"}) {
  pawl::auto_reset_event e;
  const call a = wait_for(in_waker(), e);
  together([&] { e.set(); }, [&] { e.reset(); });
  require(a.granted());
}
