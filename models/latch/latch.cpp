// LATCH-ALL: waits end when all that was expected has happened, and not before. LATCH-HB: what was
// done before each of it has been done for all who waited.

#include "../event/calls.hpp"

using namespace models;
using pawl::latch;
using pawl::check::must_return;

namespace {

call arrive_and_wait(latch& l) {
  const auto waited = co_await l.arrive_and_wait();
  co_return passed(waited);
}

// Waits, and does it again, and counts once too often.
call wait_and_count(latch& l) {
  const auto waited = co_await l.wait();
  require(waited.has_value());
  const auto again = co_await l.arrive_and_wait(0);
  bool is_refused = false;
  try {
    l.count_down();
  } catch (const std::logic_error&) {
    is_refused = true;
  }
  require(is_refused);
  co_return passed(again);
}

}  // namespace

PAWL_MODEL("latch.all.calls", "waits end with the last count, and see what was done before each",
           bounds{.threads = 5, .note = "2 calls; 2 threads count down"}) {
  latch l(2);
  pawl::cell<int> x{0}, y{0};
  const call a = wait_for(l);
  struct reader {
    static call wait(latch& l, const pawl::cell<int>& x, const pawl::cell<int>& y) {
      const auto waited = co_await l.wait();
      require(x.read() == 1 && y.read() == 1);
      co_return passed(waited);
    }
  };
  const call b = reader::wait(l, x, y);
  together(
      [&] {
        x.write(1);
        l.count_down();
      },
      [&] {
        y.write(1);
        l.count_down();
      });
  require(a.granted() && b.granted() && l.remaining() == 0 && !l.has_waiters());
}

PAWL_MODEL("latch.all.threads", "threads meet: all have arrived when one goes on",
           bounds{.threads = 3, .note = "2 threads arrive and wait"}) {
  latch l(2);
  pawl::cell<int> x{0}, y{0};
  together(
      [&] {
        x.write(1);
        require(l.arrive_and_wait_blocking().has_value());
        require(y.read() == 1);
      },
      [&] {
        y.write(1);
        require(l.arrive_and_wait_blocking().has_value());
        require(x.read() == 1);
      });
  require(l.try_wait().has_value() && !l.has_waiters());
}

PAWL_MODEL("latch.all.arrivals", "so do calls",
           bounds{.threads = 5, .note = "2 calls from two threads arrive and wait"}) {
  latch l(2);
  std::optional<call> a, b;
  together([&] { a = arrive_and_wait(l); }, [&] { b = arrive_and_wait(l); });
  require(a->granted() && b->granted() && !l.has_waiters());
}

PAWL_MODEL("latch.all.try", "a try succeeds when all has happened",
           bounds{.threads = 4, .note = "2 threads count down, one tries"}) {
  latch l(2);
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        l.count_down();
      },
      [&] { l.count_down(); },
      [&] {
        if (l.try_wait()) require(x.read() == 1);
      });
  require(l.try_wait().has_value());
}

PAWL_MODEL("latch.all.look", "who sees that nothing remains sees what was done",
           bounds{.threads = 4, .note = "2 threads count down, one looks"}) {
  latch l(2);
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        l.count_down();
      },
      [&] { l.count_down(); },
      [&] {
        if (l.remaining() == 0) require(x.read() == 1);
      });
  require(l.remaining() == 0);
}

PAWL_MODEL("latch.cancel.stop", "a stop that meets the last count: one of them",
           bounds{.threads = 5, .note = "2 calls, the first to be cancelled; a count"}) {
  latch l(1);
  pawl::stop_source stop;
  const call a = wait_for(l, stop.get_token());
  const call b = wait_for(l);
  together([&] { l.count_down(); }, [&] { stop.request_stop(); });
  require(passed_or(a, errc::cancelled) && b.granted() && !l.has_waiters());
}

PAWL_MODEL("latch.errors", "who counts too often changes nothing",
           bounds{.threads = 3, .note = "2 threads count down 2 of 3"}) {
  latch l(3);
  pawl::atomic<int> refused{0};
  const auto two = [&] {
    try {
      l.count_down(2);
    } catch (const std::logic_error&) {
      refused.fetch_add(1, pawl::memory_order_relaxed);
    }
  };
  together(two, two);
  require(refused.load(pawl::memory_order_relaxed) == 1 && l.remaining() == 1);
}

PAWL_MODEL("latch.destroy", "who waited may destroy it",
           bounds{.threads = 3, .note = "a call that destroys; 2 counts"}) {
  std::optional<latch> l(std::in_place, count_t{2});
  latch& shared = *l;
  const call a = wait_and_destroy(l);
  shared.count_down();
  together([&] { shared.count_down(); });
  require(a.granted());
}

PAWL_MODEL("latch.progress.count", "count_down returns though others are stuck",
           bounds{.threads = 4, .note = "a call; 2 threads count down"}) {
  latch l(2);
  const call a = wait_for(l);
  const auto once = [&] {
    const must_return section("count_down()", 60);
    l.count_down();
  };
  together(once, once);
  require(a.granted());
}

PAWL_MODEL("latch.cancel.deadline", "a deadline that meets the last count: one of them",
           bounds{.threads = 5, .note = "2 calls, the first with a deadline; a count"}) {
  latch l(1);
  const call a = wait_in_time(l);
  const call b = wait_for(l);
  together([&] { l.count_down(); });
  require(passed_or(a, errc::timed_out) && b.granted() && !l.has_waiters());
}

PAWL_MODEL("latch.cancel.deadline_of_thread", "so it is for a thread that waits",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; a count"}) {
  latch l(1);
  together(
      [&] {
        const auto r = l.wait_blocking_for(std::chrono::seconds(1));
        require(r || failed_with(r, errc::timed_out));
      },
      [&] { l.count_down(); });
  require(l.try_wait() && !l.has_waiters());
}

PAWL_MODEL("latch.cancel.destroyed", "a waiter is destroyed meanwhile, and the other goes on",
           bounds{.threads = 5, .note = "2 calls, the first is destroyed; a count, twice"}) {
  latch l(2);
  std::optional<call> a = wait_for(l);
  const call b = wait_for(l);
  together([&] { a.reset(); }, [&] { l.count_down(); });
  l.count_down();
  require(b.granted() && !l.has_waiters());
}

PAWL_MODEL("latch.reentry.destroy", "a wake-up destroys one that was woken with it",
           bounds{.threads = 3, .note = "2 calls, the first destroys the second; a count; a try"}) {
  latch l(1);
  std::optional<call> b;
  const call a = wait_and_destroy(in_waker(), l, b);
  b = wait_for(in_waker(), l);
  together([&] { l.count_down(); }, [&] { (void)l.try_wait(); });
  require(a.granted() && !b && !l.has_waiters());
}

PAWL_MODEL("latch.reentry.wait", "a wake-up that waits again goes on, and may not count again",
           bounds{.threads = 5, .note = "a call that waits and counts again, and one; a count"}) {
  latch l(1);
  const call a = wait_and_count(l);
  const call b = wait_for(l);
  together([&] { l.count_down(); });
  require(a.granted() && b.granted() && l.remaining() == 0 && !l.has_waiters());
}
