// SEM-POISON, for close(): later acquires fail, so do those who wait; but permits may still be
// given back, and count.

#include "calls.hpp"

using namespace models;

namespace {

void require_closed(semaphore& s) {
  require(s.is_closed() && !s.is_poisoned());
  require(failed_with(s.try_acquire(0), errc::closed));
  require(failed_with(s.acquire_blocking(1), errc::closed));
}

// Acquires and releases one permit, or is refused.
void use(semaphore& s) {
  const auto acquired = s.acquire_blocking();
  require(acquired || failed_with(acquired, errc::closed));
}

call use_twice(semaphore& s) {
  auto once = co_await s.acquire();
  if (!once) co_return tl::unexpected(once.error());
  once->release();
  const auto twice = co_await s.acquire();
  co_return twice.map([](const permit& p) { return p.count(); });
}

call use_and_close(semaphore& s) {
  auto acquired = co_await s.acquire();
  if (!acquired) co_return tl::unexpected(acquired.error());
  acquired->release();
  s.close();
  co_return count_t{1};
}

}  // namespace

PAWL_MODEL("semaphore.close.returns", "permits come back after the end",
           bounds{.threads = 5, .note = "3 permits, 2 held in parts of 1; a call of 3; close"}) {
  semaphore s(3);
  permit first = s.try_acquire(1).value();
  permit second = s.try_acquire(1).value();
  const call a = acquire(s, 3);
  together([&] { s.close(); },
           [&] {
             first.release();
             second.release();
           });
  require(a.granted() || a.failed_with(errc::closed));
  require(a.count() + s.available_permits() == 3);
  require_closed(s);
}

PAWL_MODEL("semaphore.close.queue", "everybody in a long queue is told, and who joins it meanwhile",
           bounds{.threads = 7, .note = "calls of 1, 2, 3, turns of 2; one more of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  const call c = acquire(s, 3);
  std::optional<call> d;
  together([&] { s.close(); }, [&] { d = acquire(s, 1); });
  require(all_failed_with(errc::closed, a, b, c, *d));
  require_closed(s);
}

PAWL_MODEL("semaphore.close.two_threads", "two that use the permit and close: both come to an end",
           bounds{.threads = 3, .note = "1 permit; 2 threads take it, give it back, and close"}) {
  semaphore s(1);
  const auto work = [&] {
    use(s);
    s.close();
  };
  together(work, work);
  require_closed(s);
  require(s.available_permits() == 1);
}

PAWL_MODEL("semaphore.close.users", "close ends the waits of the users of a permit",
           bounds{.threads = 4, .note = "1 permit; 2 threads take it, once each; close"}) {
  semaphore s(1);
  const auto once = [&] { use(s); };
  together(once, once, [&] { s.close(); });
  require_closed(s);
  require(s.available_permits() == 1);
}

PAWL_MODEL("semaphore.close.basic", "close ends the waits of two busy users of a permit",
           bounds{.threads = 5, .note = "calls of 1, of 1 twice; a release of 1; close"}) {
  semaphore s(0);
  const call a = pass_through(s, 1);
  const call b = use_twice(s);
  together([&] { s.release(); }, [&] { s.close(); });
  require(a.granted() || a.failed_with(errc::closed));
  require(b.granted() || b.failed_with(errc::closed));
  require_closed(s);
  require(s.available_permits() == 1);
}

PAWL_MODEL("semaphore.close.concurrent", "three that use the permit and close: all come to an end",
           bounds{.threads = 5,
                  .note = "3 calls that take 1, give it back, and close; a release of 1"}) {
  semaphore s(0);
  const call a = use_and_close(s);
  const call b = use_and_close(s);
  const call c = use_and_close(s);
  together([&] { s.release(); });
  const bool third = c.granted();
  require(a.granted() && (b.granted() || !third));
  require_closed(s);
  require(s.available_permits() == 1);
}
