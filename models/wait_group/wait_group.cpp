// GROUP-NO-LOST-WAKE: who waits when nothing is in progress is released, whatever follows.
// GROUP-HB: what was done before each done() that led there has been done for them.

#include "../event/calls.hpp"

using namespace models;
using pawl::wait_group;
using pawl::check::must_return;

namespace {

// Waits, and begins anew.
call wait_and_add(wait_group& g) {
  const auto waited = co_await g.wait();
  require(waited.has_value());
  g.add();
  g.done();
  const auto again = co_await g.wait();
  co_return passed(again);
}

}  // namespace

PAWL_MODEL("wait_group.wake.calls", "waits end with the last done(), and see what was done",
           bounds{.threads = 5, .note = "2 calls; 2 threads are done"}) {
  wait_group g(2);
  pawl::cell<int> x{0};
  const call a = wait_for(g);
  const call b = read_after(g, x);
  together(
      [&] {
        x.write(1);
        g.done();
      },
      [&] { g.done(); });
  require(a.granted() && b.granted() && g.count() == 0 && !g.has_waiters());
}

PAWL_MODEL("wait_group.wake.again", "what is added at once holds nobody back who waited before",
           bounds{.threads = 4, .note = "2 calls; done, then add; a try"}) {
  wait_group g(1);
  const call a = wait_for(g);
  const call b = wait_for(in_waker(), g);
  together(
      [&] {
        g.done();
        g.add();
      },
      [&] { (void)g.try_wait(); });
  require(a.granted() && b.granted());
  require(g.count() == 1 && !g.try_wait() && !g.has_waiters());
}

PAWL_MODEL("wait_group.wake.late", "a wait that begins meanwhile ends now or with the next zero",
           bounds{.threads = 4, .note = "a call of another thread; done, add, done"}) {
  wait_group g(1);
  std::optional<call> a;
  together([&] { a = wait_for(g); },
           [&] {
             g.done();
             g.add();
             g.done();
           });
  require(a->granted() && !g.has_waiters());
}

PAWL_MODEL("wait_group.wake.spawn", "who is in progress adds others before he is done",
           bounds{.threads = 3, .note = "a thread adds and is done, twice; one waits"}) {
  wait_group g(1);
  pawl::cell<int> x{0};
  together(
      [&] {
        g.add();
        g.done();
        x.write(1);
        g.done();
      },
      [&] {
        wait_blocking(g);
        require(x.read() == 1);
      });
  require(!g.has_waiters());
}

PAWL_MODEL("wait_group.cancel.stop", "a stop that meets the last done(): one of them",
           bounds{.threads = 5, .note = "2 calls, the first to be cancelled; done, add"}) {
  wait_group g(1);
  pawl::stop_source stop;
  const call a = wait_for(g, stop.get_token());
  const call b = wait_for(g);
  together(
      [&] {
        g.done();
        g.add();
      },
      [&] { stop.request_stop(); });
  require(passed_or(a, errc::cancelled) && b.granted() && !g.has_waiters());
}

PAWL_MODEL("wait_group.errors", "who is done too often changes nothing",
           bounds{.threads = 3, .note = "2 threads are done, of 1"}) {
  wait_group g(1);
  pawl::atomic<int> refused{0};
  const auto once = [&] {
    try {
      g.done();
    } catch (const std::logic_error&) {
      refused.fetch_add(1, pawl::memory_order_relaxed);
    }
  };
  together(once, once);
  require(refused.load(pawl::memory_order_relaxed) == 1 && g.count() == 0);
}

PAWL_MODEL("wait_group.destroy", "who waited may destroy it",
           bounds{.threads = 3, .note = "a call that destroys; done"}) {
  std::optional<wait_group> g(std::in_place, count_t{1});
  wait_group& shared = *g;
  const call a = wait_and_destroy(g);
  together([&] { shared.done(); });
  require(a.granted());
}

PAWL_MODEL("wait_group.progress.done", "add and done return though others are stuck",
           bounds{.threads = 4, .note = "a call; add and done; done"}) {
  wait_group g(2);
  const call a = wait_for(g);
  together(
      [&] {
        const must_return section("add() and done()", 60);
        g.add();
        g.done(2);
      },
      [&] {
        const must_return section("done()", 60);
        g.done();
      });
  require(a.granted());
}

PAWL_MODEL("wait_group.cancel.deadline", "a deadline that meets the last done(): one of them",
           bounds{.threads = 5, .note = "2 calls, the first with a deadline; done"}) {
  wait_group g(1);
  const call a = wait_in_time(g);
  const call b = wait_for(g);
  together([&] { g.done(); });
  require(passed_or(a, errc::timed_out) && b.granted() && !g.has_waiters());
}

PAWL_MODEL("wait_group.cancel.deadline_of_thread", "so it is for a thread that waits",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; done"}) {
  wait_group g(1);
  together(
      [&] {
        const auto r = g.wait_blocking_for(std::chrono::seconds(1));
        require(r || failed_with(r, errc::timed_out));
      },
      [&] { g.done(); });
  require(g.try_wait() && !g.has_waiters());
}

PAWL_MODEL("wait_group.cancel.destroyed", "a waiter is destroyed meanwhile, and the other goes on",
           bounds{.threads = 5, .note = "2 calls, the first is destroyed; done, twice"}) {
  wait_group g(2);
  std::optional<call> a = wait_for(g);
  const call b = wait_for(g);
  together([&] { a.reset(); }, [&] { g.done(); });
  g.done();
  require(b.granted() && !g.has_waiters());
}

PAWL_MODEL("wait_group.reentry.destroy", "a wake-up destroys one that was woken with it",
           bounds{.threads = 3, .note = "2 calls, the first destroys the second; done; a try"}) {
  wait_group g(1);
  std::optional<call> b;
  const call a = wait_and_destroy(in_waker(), g, b);
  b = wait_for(in_waker(), g);
  together([&] { g.done(); }, [&] { (void)g.try_wait(); });
  require(a.granted() && !b && !g.has_waiters());
}

PAWL_MODEL("wait_group.reentry.wait", "a wake-up adds, is done and waits; the others are released",
           bounds{.threads = 5, .note = "a call that adds, is done and waits, and one; done"}) {
  wait_group g(1);
  const call a = wait_and_add(g);
  const call b = wait_for(g);
  together([&] { g.done(); });
  require(a.granted() && b.granted() && g.count() == 0 && !g.has_waiters());
}
