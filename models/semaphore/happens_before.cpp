// SEM-HB: what happens before a release happens before the return of the acquire that takes the
// permits; and what happens before poison, close or a stop request, before the failure it causes.
// The cells show it: an access that is not ordered is a data race.

#include "calls.hpp"

using namespace models;

namespace {

// Two threads' data, one cell each.
struct letters {
  pawl::cell<int> x{0}, y{0};

  void expect_both() const { require(x.read() == 1 && y.read() == 1); }
};

call read_both(semaphore& s, count_t n, const letters& data) {
  auto acquired = co_await s.acquire(n);
  data.expect_both();
  co_return keep(std::move(acquired));
}

call read_both_after_up_to(semaphore& s, count_t n, const letters& data) {
  auto acquired = co_await s.acquire_up_to(n);
  if (acquired->count() == n) data.expect_both();
  co_return keep(std::move(acquired));
}

call read_after(semaphore& s, pawl::stop_token token, const pawl::cell<int>& x) {
  auto acquired = co_await s.acquire(1, token);
  require(x.read() == 1);
  co_return keep(std::move(acquired));
}

}  // namespace

PAWL_MODEL("semaphore.hb.acquire", "the release happens before the acquire",
           bounds{.threads = 3, .note = "a release of 1, a thread that waits for it"}) {
  semaphore s(0);
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        s.release();
      },
      [&] {
        const auto acquired = s.acquire_blocking();
        require(x.read() == 1);
      });
}

PAWL_MODEL("semaphore.hb.try_acquire", "the release happens before the try that succeeds",
           bounds{.threads = 4, .note = "releases of 1 and 2; tries to take 3 and 1"}) {
  semaphore s(0);
  letters data;
  together(
      [&] {
        data.x.write(1);
        s.release(1);
      },
      [&] {
        data.y.write(1);
        s.release(2);
      },
      [&] {
        if (const auto three = s.try_acquire(3)) data.expect_both();
        if (s.available_permits() == 3) data.expect_both();
      });
}

PAWL_MODEL("semaphore.hb.acquire_all", "every release happens before the drain that takes it",
           bounds{.threads = 4, .note = "releases of 1 and 2; a drain"}) {
  semaphore s(0);
  letters data;
  together(
      [&] {
        data.x.write(1);
        s.release(1);
      },
      [&] {
        data.y.write(1);
        s.release(2);
      },
      [&] {
        const count_t n = s.acquire_all().forget();
        if ((n & 1) != 0) require(data.x.read() == 1);
        if ((n & 2) != 0) require(data.y.read() == 1);
      });
}

PAWL_MODEL("semaphore.hb.sum", "every release that a grant adds up happens before it",
           bounds{.threads = 4, .note = "a call of 3; releases of 1 and 2"}) {
  semaphore s(0);
  letters data;
  const call a = read_both(s, 3, data);
  together(
      [&] {
        data.x.write(1);
        s.release(1);
      },
      [&] {
        data.y.write(1);
        s.release(2);
      });
  require(a.count() == 3);
}

PAWL_MODEL("semaphore.hb.passed_on", "what one grant leaves over carries its releases to the next",
           bounds{.threads = 5, .note = "calls of 2 and 1; releases of 1 and 2"}) {
  semaphore s(0);
  letters data;
  const call a = acquire(s, 2);
  const call b = read_both(s, 1, data);
  together(
      [&] {
        data.x.write(1);
        s.release(1);
      },
      [&] {
        data.y.write(1);
        s.release(2);
      });
  require(a.granted() && b.granted());
}

PAWL_MODEL("semaphore.hb.turn_limit", "a turn that is carried on carries the releases on",
           bounds{.threads = 6, .note = "calls of 1, 1, 1, turns of 2; releases of 1 and 2"}) {
  semaphore s(0);
  letters data;
  const call a = acquire(s, 1);
  const call b = acquire(s, 1);
  const call c = read_both(s, 1, data);
  together(
      [&] {
        data.x.write(1);
        s.release(1);
      },
      [&] {
        data.y.write(1);
        s.release(2);
      });
  require(a.granted() && b.granted() && c.granted());
}

PAWL_MODEL("semaphore.hb.up_to", "so it is for a call that takes what is there",
           bounds{.threads = 4, .note = "a call of up to 2; two releases of 1"}) {
  semaphore s(0);
  letters data;
  const call a = read_both_after_up_to(s, 2, data);
  together(
      [&] {
        data.x.write(1);
        s.release(1);
      },
      [&] {
        data.y.write(1);
        s.release(1);
      });
  require(a.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.hb.late_call", "a release happens before the acquire that comes later",
           bounds{.threads = 4,
                  .note = "a release of 1, and one of 2 by the thread that waits for 3"}) {
  semaphore s(0);
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        s.release(1);
      },
      [&] {
        s.release(2);
        const auto acquired = s.acquire_blocking(3);
        require(x.read() == 1);
      });
}

PAWL_MODEL("semaphore.hb.failure", "closing happens before the failures it causes",
           bounds{.threads = 4, .note = "a close; a thread that waits, one that tries"}) {
  semaphore s(0);
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        s.close();
      },
      [&] {
        require(failed_with(s.acquire_blocking(), errc::closed));
        require(x.read() == 1);
      },
      [&] {
        if (failed_with(s.try_acquire(), errc::closed)) require(x.read() == 1);
        if (s.is_closed()) require(x.read() == 1);
      });
}

PAWL_MODEL("semaphore.hb.cancellation", "the stop request happens before the end of the wait",
           bounds{.threads = 3, .note = "a call of 1 that is cancelled"}) {
  semaphore s(0);
  pawl::stop_source stop;
  pawl::cell<int> x{0};
  const call a = read_after(s, stop.get_token(), x);
  together([&] {
    x.write(1);
    stop.request_stop();
  });
  require(a.failed_with(errc::cancelled));
}
