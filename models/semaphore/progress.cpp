// Progress: release, try_acquire, cancel, poison and close return within a bounded number of own
// steps, whatever the others do: with `--stall`, even if any one of them is stopped for ever at any
// of its events. So none of them waits for a lock.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

constexpr unsigned steps = 60;  // of one operation, with what it wakes

void release(semaphore& s, count_t n) {
  const must_return section("release()", steps);
  s.release(n);
}

void try_acquire(semaphore& s, count_t n) {
  const must_return section("try_acquire()", steps);
  (void)keep(s.try_acquire(n));
}

void cancel(pawl::stop_source& stop) {
  const must_return section("request_stop()", steps);
  stop.request_stop();
}

void poison(semaphore& s) {
  const must_return section("poison()", steps);
  s.poison();
}

void close(semaphore& s) {
  const must_return section("close()", steps);
  s.close();
}

call fast(in_waker, semaphore& s) {
  const must_return acquiring("an uncontended co_await acquire()", 2);
  auto acquired = co_await s.acquire(1);
  const must_return releasing("acquire() and release()", 4);
  acquired->release();
  co_return count_t{0};
}

}  // namespace

PAWL_MODEL("semaphore.progress.uncontended", "one look and one exchange each way, nothing else",
           bounds{.threads = 1, .note = "1 permit, nobody waits"}) {
  semaphore s(1);
  const call a = fast(in_waker(), s);
  require(a.granted());
  const must_return both("try_acquire() and release()", 4);
  (void)s.try_acquire(1);
}

PAWL_MODEL("semaphore.progress.release", "release returns",
           bounds{.threads = 4, .note = "a call of 2; releases of 1 and 1"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  together([&] { release(s, 1); }, [&] { release(s, 1); });
  require(a.granted());
}

PAWL_MODEL("semaphore.progress.release_and_arrival", "release returns though a call is stuck half-way",
           bounds{.threads = 3, .note = "1 thread takes 1; a release of 1"}) {
  semaphore s(0);
  together([&] { (void)keep(s.acquire_blocking(1)); }, [&] { release(s, 1); });
}

PAWL_MODEL("semaphore.progress.try_acquire", "try_acquire returns",
           bounds{.threads = 5, .note = "a call of 1; a release of 2, a try of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  together([&] { release(s, 2); }, [&] { try_acquire(s, 1); });
  require(a.granted());
}

PAWL_MODEL("semaphore.progress.try_and_arrival", "try_acquire returns though a call is stuck half-way",
           bounds{.threads = 3, .note = "2 permits; 1 thread takes 2, one tries 1"}) {
  semaphore s(2);
  together([&] { require(s.acquire_blocking(2).has_value()); },
           [&] {
             const must_return section("try_acquire()", steps);
             (void)s.try_acquire(1);
           });
}

PAWL_MODEL("semaphore.progress.cancel", "request_stop returns",
           bounds{.threads = 5, .note = "calls of 1, to be cancelled, and 1; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  const call b = acquire(s, 1);
  together([&] { cancel(stop); }, [&] { release(s, 1); });
  s.close();
  require(a.granted() ? b.failed_with(errc::closed) : b.granted());
}

PAWL_MODEL("semaphore.progress.cancel_and_cancel", "two requests return, of two calls in one queue",
           bounds{.threads = 5, .note = "calls of 1 and 1, to be cancelled"}) {
  semaphore s(0);
  pawl::stop_source first, second;
  const call a = acquire(s, 1, first.get_token());
  const call b = acquire(s, 1, second.get_token());
  together([&] { cancel(first); }, [&] { cancel(second); });
  require(all_failed_with(errc::cancelled, a, b));
}

PAWL_MODEL("semaphore.progress.poison", "poison returns",
           bounds{.threads = 5, .note = "a call of 2; a release of 1, poison"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  together([&] { poison(s); }, [&] { release(s, 1); });
  require(a.failed_with(errc::poisoned));
}

PAWL_MODEL("semaphore.progress.close", "close returns",
           bounds{.threads = 5, .note = "a call of 1, to be cancelled; close"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  together([&] { close(s); }, [&] { cancel(stop); });
  require(a.failed_with(errc::closed) || a.failed_with(errc::cancelled));
}

PAWL_MODEL("semaphore.progress.close_and_arrival", "close and poison return though a call is stuck",
           bounds{.threads = 3, .note = "1 thread takes 1; close, then poison"}) {
  semaphore s(0);
  together([&] { require(!s.acquire_blocking(1).has_value()); },
           [&] {
             close(s);
             poison(s);
           });
}
