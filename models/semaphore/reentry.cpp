// Wake-ups that use the semaphore again, or throw: they run outside of every turn, and each is on
// its own.

#include <stdexcept>

#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/sync_wait.hpp>

#include "../unhandled.hpp"
#include "calls.hpp"

using namespace models;

namespace {

// Acquires twice, with a release in between.
call acquire_twice(semaphore& s, count_t first, count_t second) {
  auto once = co_await s.acquire(first);
  once->release();
  const auto twice = co_await s.acquire(second);
  co_return twice.map([](const permit& p) { return p.count(); });
}

call acquire_and_poison(semaphore& s, count_t n) {
  auto acquired = co_await s.acquire(n);
  s.poison();
  co_return keep(std::move(acquired));
}

call acquire_and_cancel(semaphore& s, count_t n, pawl::stop_source& other) {
  auto acquired = co_await s.acquire(n);
  other.request_stop();
  co_return keep(std::move(acquired));
}

call acquire_and_call(semaphore& s, count_t n, std::optional<call>& another, count_t more) {
  auto acquired = co_await s.acquire(n);
  another = acquire(s, more);
  co_return keep(std::move(acquired));
}

call pass_through(pawl::inline_scheduler&, semaphore& s, count_t n) {
  const auto acquired = co_await s.acquire(n);
  co_return acquired.map([](const permit& p) { return p.count(); });
}

pawl::task<count_t> take(semaphore& s, count_t n) {
  const auto acquired = co_await s.acquire(n);
  co_return acquired->count();
}

// The permit dies of the exception, unless it is forgotten.
call acquire_and_throw(semaphore& s, count_t n, bool forgets) {
  auto acquired = co_await s.acquire(n);
  if (forgets) std::move(*acquired).forget();
  throw std::runtime_error("thrown by a wake-up");
}

}  // namespace

PAWL_MODEL("semaphore.no_lost_permit.chain", "wake-ups that give back wake the next, at any depth",
           bounds{.threads = 7,
                  .note = "4 calls of 1 that give it back; a release of 1 meets a try"}) {
  semaphore s(0);
  const call a = pass_through(s, 1);
  const call b = pass_through(s, 1);
  const call c = pass_through(s, 1);
  const call d = pass_through(s, 1);
  together([&] { s.release(1); }, [&] { (void)s.try_acquire(1); });
  require(a.granted() && b.granted() && c.granted() && d.granted());
  require(s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.inline_scheduler",
           "an inline_scheduler runs them after the turn",
           bounds{.threads = 3,
                  .note = "3 calls of 1, 2, 1 that give it back; a release of 2 meets a try"}) {
  semaphore s(0);
  pawl::inline_scheduler here;
  const call a = pass_through(here, s, 1);
  const call b = pass_through(here, s, 2);
  const call c = pass_through(here, s, 1);
  together([&] { s.release(2); }, [&] { (void)s.try_acquire(1); });
  require(a.granted() && b.granted() && c.granted());
  require(s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.sync_wait", "a thread that runs a task wakes up too",
           bounds{.threads = 3, .note = "2 threads run a task that takes 1 and 2 of 2 permits"}) {
  semaphore s(2);
  together([&] { require(pawl::sync_wait(take(s, 1)) == 1); },
           [&] { require(pawl::sync_wait(take(s, 2)) == 2); });
  require(s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.acquire_in_wake_up", "a wake-up that waits again takes its new turn",
           bounds{.threads = 4, .note = "a call of 1, then 2; releases of 1 and 1"}) {
  semaphore s(0);
  const call a = acquire_twice(s, 1, 2);
  together([&] { s.release(1); }, [&] { s.release(1); });
  require(a.count() == 2 && s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.fifo.acquire_in_wake_up", "so it does behind those who waited before",
           bounds{.threads = 5,
                  .note = "a call of 1, then 2, and one of 1 that gives it back; a release "
                          "of 1 meets a try; at last one of 1"}) {
  semaphore s(0);
  const call a = acquire_twice(s, 1, 2);
  const call b = pass_through(s, 1);
  together([&] { s.release(1); }, [&] { (void)s.try_acquire(1); });
  require(b.count() == 1);
  s.release(1);
  require(a.count() == 2 && s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.call_in_wake_up", "a wake-up that makes another call",
           bounds{.threads = 6, .note = "a call of 1 that calls for 2; releases of 1 and 2"}) {
  semaphore s(0);
  std::optional<call> b;
  const call a = acquire_and_call(s, 1, b, 2);
  together([&] { s.release(1); }, [&] { s.release(2); });
  require(a.granted() && b->granted());
  require(s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.poison.in_wake_up", "a wake-up that poisons: grants stand, the rest is told",
           bounds{.threads = 6, .note = "calls of 1, which poisons, 1, 2; releases of 2 and 1"}) {
  semaphore s(0);
  const call a = acquire_and_poison(s, 1);
  const call b = acquire(s, 1);
  const call c = acquire(s, 2);
  together([&] { s.release(2); }, [&] { s.release(1); });
  require(a.granted() && (b.granted() || b.failed_with(errc::poisoned)));
  require(c.failed_with(errc::poisoned) && s.available_permits() == 0);
}

PAWL_MODEL("semaphore.cancel.in_wake_up",
           "a wake-up that cancels one that is woken with it, or waits",
           bounds{.threads = 5,
                  .note = "calls of 1, which cancels the other, and 2; releases of 2, 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire_and_cancel(s, 1, stop);
  const call b = acquire(s, 2, stop.get_token());
  together([&] { s.release(2); }, [&] { s.release(1); });
  require(a.granted() && (b.granted() || b.failed_with(errc::cancelled)));
  require(b.count() + s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.throw", "a wake-up that throws leaves the semaphore as it was",
           bounds{.threads = 5,
                  .note = "calls of 1, which throws, and 2; a release of 3 meets a try"}) {
  semaphore s(0);
  const unhandled_counter counter;
  const call a = acquire_and_throw(s, 1, true);
  const call b = acquire(s, 2);
  together([&] { s.release(3); }, [&] { (void)s.try_acquire(1); });
  counter.wait();
  require(b.granted() && s.available_permits() == 0 && !s.has_waiters());
  s.release(1);
  require(s.try_acquire(1).has_value());
}

PAWL_MODEL("semaphore.poison.throw", "a permit that dies of the exception of a wake-up poisons",
           bounds{.threads = 5,
                  .note = "calls of 1, which throws, and 2; a release of 1 meets a try"}) {
  semaphore s(0);
  const unhandled_counter counter;
  const call a = acquire_and_throw(s, 1, false);
  const call b = acquire(s, 2);
  together([&] { s.release(1); }, [&] { (void)s.try_acquire(1); });
  counter.wait();
  require(b.failed_with(errc::poisoned) && s.is_poisoned());
}
