// SEM-MUTEX, SEM-CONSERVE and close() for threads that are declared identical: executions that
// differ only in which of them does what are explored once.

#include "calls.hpp"

using namespace models;
using pawl::check::spawn_symmetric;

namespace {

// Acquires and releases one permit, or is refused.
void use_until_closed(semaphore& s) {
  const auto acquired = s.acquire_blocking();
  require(acquired || failed_with(acquired, errc::closed));
}

void require_closed(const semaphore& s, count_t permits) {
  require(s.is_closed() && s.available_permits() == permits && !s.has_waiters());
}

}  // namespace

PAWL_MODEL("semaphore.mutex.three_threads", "one of three threads at a time",
           bounds{.threads = 4, .note = "1 permit; 3 identical threads, once each", .full = true}) {
  semaphore s(1);
  pawl::cell<int> x{0};
  spawn_symmetric(3, [&] {
    const auto held = s.acquire_blocking();
    require(held.has_value());
    x.write(x.read() + 1);
  }).join();
  require(x.read() == 3 && s.available_permits() == 1);
}

PAWL_MODEL("semaphore.conserve.batch_of_three", "two that take three shares never have too many",
           bounds{.threads = 3,
                  .note = "10 permits; 2 identical threads take 4, 10 and 8",
                  .full = true}) {
  semaphore s(10);
  pawl::atomic<count_t> held{0};  // relaxed, so that it orders nothing itself
  spawn_symmetric(2, [&] {
    for (const count_t n : {4, 10, 8}) {
      const auto acquired = s.acquire_blocking(n);
      require(acquired->count() == n);
      require(held.fetch_add(n, pawl::memory_order_relaxed) + n <= 10, "more than there are");
      held.fetch_sub(n, pawl::memory_order_relaxed);
    }
  }).join();
  require(s.available_permits() == 10 && !s.has_waiters());
}

PAWL_MODEL("semaphore.mutex.two_of_three", "two of three threads at a time",
           bounds{
               .threads = 4, .note = "2 permits; 3 identical threads, once each", .full = true}) {
  semaphore s(2);
  pawl::atomic<count_t> holders{0};  // relaxed, so that it orders nothing itself
  spawn_symmetric(3, [&] {
    const auto held = s.acquire_blocking();
    require(held.has_value());
    require(holders.fetch_add(1, pawl::memory_order_relaxed) < 2, "more hold one than there are");
    holders.fetch_sub(1, pawl::memory_order_relaxed);
  }).join();
  require(s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.close.users_twice", "close ends the waits of users who come again",
           bounds{.threads = 4,
                  .note = "1 permit; 2 identical threads take it, twice each; close",
                  .full = true}) {
  semaphore s(1);
  auto users = spawn_symmetric(2, [&] {
    use_until_closed(s);
    use_until_closed(s);
  });
  s.close();
  users.join();
  require_closed(s, 1);
}

PAWL_MODEL("semaphore.close.three_threads",
           "three that use the permit and close: all come to an end",
           bounds{.threads = 4,
                  .note = "1 permit; 3 identical threads take it, give it back, and close",
                  .full = true}) {
  semaphore s(1);
  spawn_symmetric(3, [&] {
    use_until_closed(s);
    s.close();
  }).join();
  require_closed(s, 1);
}
