// SEM-MUTEX for threads that are declared identical: executions that differ only in which of them
// does what are explored once.

#include "calls.hpp"

using namespace models;
using pawl::check::spawn_symmetric;

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
