// SEM-CANCEL, for deadlines. Time is virtual: whether a deadline passes before anything else
// happens is a choice that the checker makes both ways.

#include <pawl/task/run_loop.hpp>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

call acquire_in_time(semaphore& s, count_t n) {
  auto acquired = co_await s.acquire_for(n, 1s);
  co_return keep(std::move(acquired));
}

call acquire_in_time(pawl::run_loop& loop, semaphore& s, count_t n) {
  auto acquired = co_await s.acquire_for(n, 1s);
  loop.finish();
  co_return keep(std::move(acquired));
}

call acquire_up_to_in_time(semaphore& s, count_t n) {
  auto acquired = co_await s.acquire_up_to_for(n, 1s);
  co_return keep(std::move(acquired));
}

bool granted_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

}  // namespace

PAWL_MODEL("semaphore.cancel.deadline", "a deadline that meets the grant: one of them, never both",
           bounds{.threads = 5, .note = "calls of 2, with a deadline, and 1; a release of 2"}) {
  semaphore s(0);
  const call a = acquire_in_time(s, 2);
  const call b = acquire(s, 1);
  together([&] { s.release(2); });
  require(granted_or(a, errc::timed_out));
  require(a.granted() || b.granted());
  s.close();
  require(a.count() + b.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.cancel.deadline_up_to",
           "so it is for a call that takes what is there: all that it takes, or nothing",
           bounds{.threads = 5,
                  .note = "calls of up to 3, with a deadline, and 1; a release of 2"}) {
  semaphore s(0);
  const call a = acquire_up_to_in_time(s, 3);
  const call b = acquire(s, 1);
  together([&] { s.release(2); });
  require(a.granted() ? a.count() == 2 : a.failed_with(errc::timed_out));
  require(a.granted() || b.granted());
  s.close();
  require(a.count() + b.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.cancel.deadline_thread",
           "a blocked thread returns, with or without the permits",
           bounds{.threads = 3, .note = "1 thread takes 1 in time; a release of 1"}) {
  semaphore s(0);
  count_t held = 0;
  together(
      [&] {
        const auto r = keep(s.acquire_blocking_for(1, 1s));
        require(r || r.error().code == errc::timed_out);
        held = r.value_or(0);
      },
      [&] { s.release(1); });
  require(held + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.deadline_head", "who gives up the head of the queue lets in the next",
           bounds{.threads = 5,
                  .note = "calls of 3, with a deadline, and 2; 1 permit, a release of 1"}) {
  semaphore s(1);
  const call a = acquire_in_time(s, 3);
  const call b = acquire(s, 2);
  together([&] { s.release(1); });
  s.close();
  require(a.failed_with(errc::timed_out) || a.failed_with(errc::closed));
  require(granted_or(b, errc::closed));
  require(b.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.cancel.deadline_thread_head", "so does a thread that gives up",
           bounds{.threads = 4, .note = "1 permit; 1 thread takes 2 in time, another takes 1"}) {
  semaphore s(1);
  together([&] { require(failed_with(s.acquire_blocking_for(2, 1s), errc::timed_out)); },
           [&] { require(s.acquire_blocking(1).has_value()); });
  require(s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.deadline_poison", "a deadline that meets poison: one reason",
           bounds{.threads = 3, .note = "1 thread takes 1 in time; poison"}) {
  semaphore s(0);
  together(
      [&] {
        const auto r = s.acquire_blocking_for(1, 1s);
        require(failed_with(r, errc::timed_out) || failed_with(r, errc::poisoned));
      },
      [&] { s.poison(); });
  require(s.is_poisoned() && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.deadline_passed",
           "a deadline in the past takes what is free, and never waits",
           bounds{.threads = 3,
                  .note = "1 thread takes 1 by a deadline that has passed; a release of 1"}) {
  semaphore s(0);
  count_t held = 0;
  together(
      [&] {
        const auto r = keep(s.acquire_blocking_until(1, pawl::steady_clock::now()));
        require(r || r.error().code == errc::timed_out);
        held = r.value_or(0);
      },
      [&] { s.release(1); });
  require(held + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.deadline_loop", "a run_loop keeps the deadlines of its coroutines",
           bounds{.threads = 2, .note = "1 call of 1 on a loop, in time; a release of 1"}) {
  semaphore s(0);
  pawl::run_loop loop;
  const call a = acquire_in_time(loop, s, 1);
  pawl::thread releaser([&] { s.release(1); });
  loop.run();
  releaser.join();
  require(granted_or(a, errc::timed_out));
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.deadline_loop_idle", "also of one that another thread starts",
           bounds{.threads = 2, .note = "a loop; 1 call of 1 on it, in time"}) {
  semaphore s(0);
  pawl::run_loop loop;
  std::optional<call> a;
  pawl::thread starter([&] { a = acquire_in_time(loop, s, 1); });
  loop.run();
  starter.join();
  require(a->failed_with(errc::timed_out) && !s.has_waiters());
}
