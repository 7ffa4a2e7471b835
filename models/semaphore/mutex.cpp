// SEM-MUTEX(1): with one permit there is mutual exclusion. The cells show it: an access that is not
// excluded is a data race.

#include <pawl/task/spawn.hpp>

#include "calls.hpp"

using namespace models;

namespace {

void add_one(pawl::cell<int>& x) { x.write(x.read() + 1); }

void add_blocking(semaphore& s, pawl::cell<int>& x) {
  const auto held = s.acquire_blocking();
  require(held.has_value());
  add_one(x);
}

pawl::task<> add(semaphore& s, pawl::cell<int>& x) {
  const auto held = co_await s.acquire();
  require(held.has_value());
  add_one(x);
}

// The counter is relaxed, so that it orders nothing itself.
void hold(const pawl::result<permit>& acquired, pawl::atomic<count_t>& held) {
  if (!acquired) return;
  const count_t n = acquired->count();
  require(held.fetch_add(n, pawl::memory_order_relaxed) + n <= 2, "more held than there are");
  held.fetch_sub(n, pawl::memory_order_relaxed);
}

call hold_one(semaphore& s, pawl::atomic<count_t>& held) {
  const auto acquired = co_await s.acquire();
  hold(acquired, held);
  co_return acquired->count();
}

call add_called(semaphore& s, pawl::cell<int>& x) {
  const auto acquired = co_await s.acquire();
  add_one(x);
  co_return acquired->count();
}

}  // namespace

PAWL_MODEL("semaphore.mutex.threads", "one of two threads at a time",
           bounds{.threads = 3, .note = "1 permit; 2 threads, once each"}) {
  semaphore s(1);
  pawl::cell<int> x{0};
  together([&] { add_blocking(s, x); }, [&] { add_blocking(s, x); });
  require(x.read() == 2 && s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.mutex.tasks", "one of two tasks at a time",
           bounds{.threads = 3, .note = "1 permit; 2 spawned tasks, once each"}) {
  semaphore s(1);
  pawl::cell<int> x{0};
  auto a = pawl::spawn(add(s, x));
  auto b = pawl::spawn(add(s, x));
  require(std::move(a).join_blocking().has_value());
  require(std::move(b).join_blocking().has_value());
  require(x.read() == 2 && s.available_permits() == 1);
}

PAWL_MODEL("semaphore.mutex.try", "who tries gets in only if nobody else is",
           bounds{.threads = 4, .note = "1 permit; 1 thread acquires, 2 try"}) {
  semaphore s(1);
  pawl::cell<int> x{0};
  const auto attempt = [&] {
    if (const auto held = s.try_acquire()) add_one(x);
  };
  together([&] { add_blocking(s, x); }, attempt, attempt);
  require(x.read() >= 1 && s.available_permits() == 1);
}

PAWL_MODEL("semaphore.mutex.readers", "weights make a lock of readers and writers",
           bounds{.threads = 4, .note = "2 permits; 2 readers of 1, in at first; a writer of 2"}) {
  semaphore s(2);
  pawl::cell<int> x{0};
  permit first = s.try_acquire().value();
  permit second = s.try_acquire().value();
  const auto read = [&](permit& held) {
    require(x.read() == 0);
    held.release();
  };
  together([&] { read(first); }, [&] { read(second); },
           [&] {
             const auto held = s.acquire_blocking(2);
             x.write(1);
           });
  require(x.read() == 1 && s.available_permits() == 2);
}

PAWL_MODEL("semaphore.mutex.two_permits", "never are more permits held than there are",
           bounds{.threads = 4,
                  .note = "2 permits; 1 thread takes 2, others try to take 1 and 2"}) {
  semaphore s(2);
  pawl::atomic<count_t> held{0};
  together([&] { hold(s.acquire_blocking(2), held); }, [&] { hold(s.try_acquire(1), held); },
           [&] { hold(s.try_acquire(2), held); });
  require(s.available_permits() == 2);
}

PAWL_MODEL("semaphore.mutex.basic_usage", "two permits, three users: two of them at a time",
           bounds{.threads = 6, .note = "3 calls that hold 1 for a while; releases of 1 and 1"}) {
  semaphore s(0);
  pawl::atomic<count_t> held{0};
  const call a = hold_one(s, held);
  const call b = hold_one(s, held);
  const call c = hold_one(s, held);
  together([&] { s.release(); }, [&] { s.release(); });
  require(a.granted() && b.granted() && c.granted());
  require(s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.mutex.handed_on", "the permit goes from one to the next",
           bounds{.threads = 6, .note = "3 calls that take 1; a release of 1 meets a try"}) {
  semaphore s(0);
  pawl::cell<int> x{0};
  const call a = add_called(s, x);
  const call b = add_called(s, x);
  const call c = add_called(s, x);
  together([&] { s.release(); },
           [&] {
             if (const auto held = s.try_acquire()) add_one(x);
           });
  require(a.granted() && b.granted() && c.granted());
  require(x.read() >= 3 && s.available_permits() == 1);
}
