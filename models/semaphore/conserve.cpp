// SEM-CONSERVE: available + held + forgotten = initial + released, at every quiescent point.

#include <initializer_list>

#include "calls.hpp"

using namespace models;

namespace {

// Takes and gives back each of the shares.
call take_in_turn(semaphore& s, std::initializer_list<count_t> shares) {
  count_t sum = 0;
  for (const count_t n : shares) {
    const auto acquired = co_await s.acquire(n);
    sum += acquired->count();
  }
  co_return sum;
}

}  // namespace

PAWL_MODEL("semaphore.conserve.release_during_acquire",
           "a release that meets an acquire is counted once",
           bounds{.threads = 3,
                  .note = "2 of 10 permits are free; 1 thread takes 4, 8 are released"}) {
  semaphore s(10);
  permit eight = s.try_acquire(8).value();
  together([&] { require(s.acquire_blocking(4).value().count() == 4); }, [&] { eight.release(); });
  require(s.available_permits() == 10 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.concurrent_updates", "release, try and forget add up",
           bounds{.threads = 4, .note = "5 permits; a release of 3, a try of 1, 2 forgotten"}) {
  semaphore s(5);
  together([&] { s.release(3); }, [&] { require(s.try_acquire(1).has_value()); },
           [&] { require(s.forget_permits(2) == 2); });
  require(s.available_permits() == 6);
}

PAWL_MODEL("semaphore.conserve.batch", "two that take different shares never have too many",
           bounds{.threads = 3, .note = "10 permits; 2 threads take 4, then 10"}) {
  semaphore s(10);
  pawl::atomic<count_t> held{0};  // relaxed, so that it orders nothing itself
  const auto take = [&](count_t n) {
    const auto acquired = s.acquire_blocking(n);
    require(acquired->count() == n);
    require(held.fetch_add(n, pawl::memory_order_relaxed) + n <= 10, "more than there are");
    held.fetch_sub(n, pawl::memory_order_relaxed);
  };
  const auto in_turn = [&] {
    take(4);
    take(10);
  };
  together(in_turn, in_turn);
  require(s.available_permits() == 10 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.batch_in_turn", "so do two that take several shares, in turn",
           bounds{.threads = 4, .note = "calls of 4, 10, and of 10, 8; a release of 10"}) {
  semaphore s(0);
  const std::initializer_list<count_t> first = {4, 10}, second = {10, 8};
  const call a = take_in_turn(s, first);
  const call b = take_in_turn(s, second);
  together([&] { s.release(10); });
  require(a.count() == 14 && b.count() == 18);
  require(s.available_permits() == 10 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.forget", "only free permits can be forgotten, and only once",
           bounds{.threads = 4,
                  .note = "1 permit; up to 2 forgotten, a release of 1, a try of 1"}) {
  semaphore s(1);
  count_t forgotten = 0, held = 0;
  together([&] { forgotten = s.forget_permits(2); }, [&] { s.release(1); },
           [&] { held = keep(s.try_acquire(1)).value_or(0); });
  require(forgotten + held + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.conserve.forget_waited_for",
           "what is forgotten is not granted, though waited for",
           bounds{.threads = 4,
                  .note = "1 permit; a call of 2; up to 2 forgotten, a release of 1"}) {
  semaphore s(1);
  const call a = acquire(s, 2);
  count_t forgotten = 0;
  together([&] { forgotten = s.forget_permits(2); }, [&] { s.release(1); });
  require(forgotten != 0 || a.granted());
  s.close();
  require(forgotten + a.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.conserve.shrink", "what shrink misses is kept back from releases",
           bounds{.threads = 5,
                  .note = "2 permits, held; 1 waits; shrink by 1 meets their release"}) {
  semaphore s(2);
  permit both = s.try_acquire(2).value();
  const call a = acquire(s, 1);
  together([&] { s.shrink(1); }, [&] { both.release(); });
  require(a.granted() && s.available_permits() == 0);
}

PAWL_MODEL("semaphore.conserve.shrink_below", "debt outlives a release that does not pay it",
           bounds{.threads = 4,
                  .note = "shrink by 3 meets releases of 1 and 2; 1 is released at last"}) {
  semaphore s(0);
  together([&] { s.shrink(3); }, [&] { s.release(1); }, [&] { s.release(2); });
  require(s.available_permits() == 0 && failed_with(s.try_acquire(1), errc::would_block));
  s.release(1);
  require(s.available_permits() == 1);
}

PAWL_MODEL("semaphore.conserve.acquire_all",
           "a drain takes all that is free, nothing that is waited for",
           bounds{.threads = 5, .note = "1 permit; a drain, a call of 2, a release of 1"}) {
  semaphore s(1);
  std::optional<call> a;
  count_t drained = 0;
  together([&] { drained = s.acquire_all().forget(); }, [&] { a = acquire(s, 2); },
           [&] { s.release(1); });
  s.close();
  require(drained + a->count() + s.available_permits() == 2);
  require(drained != 2 || !a->granted());
}

PAWL_MODEL("semaphore.conserve.up_to", "a call for up to n takes its turn, then what is there",
           bounds{.threads = 6, .note = "calls of 2 and up to 3; releases of 1, 2 and 2"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  const call b = acquire_up_to(s, 3);
  together(
      [&] {
        s.release(1);
        s.release(2);
      },
      [&] { s.release(2); });
  require(a.count() == 2 && b.count() >= 1 && b.count() <= 3);
  require(b.count() + s.available_permits() == 3);
}

PAWL_MODEL("semaphore.conserve.up_to_thread", "so does a thread",
           bounds{.threads = 4, .note = "1 thread takes up to 3; releases of 1 and 2"}) {
  semaphore s(0);
  count_t held = 0;
  together([&] { held = keep(s.acquire_up_to_blocking(3)).value(); }, [&] { s.release(1); },
           [&] { s.release(2); });
  require(held >= 1 && held + s.available_permits() == 3 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.try_release", "try_release grants like release",
           bounds{.threads = 5, .note = "calls of 2 and 1; releases of 1 and 2, by try"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  const call b = acquire(s, 1);
  together([&] { require(s.try_release(1).has_value()); },
           [&] { require(s.try_release(2).has_value()); });
  require(a.granted() && b.granted() && s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.conserve.limit", "try_release fills up to the limit and no further",
           bounds{.threads = 4, .note = "1 below max_permits; two of 1 are released, a try of 2"}) {
  semaphore s(semaphore::max_permits - 1);
  count_t released[2] = {};
  count_t held = 0;
  const auto release = [&s](count_t& n) {
    const auto r = s.try_release(1);
    require(r || r.error().code == errc::exceeds_limit);
    n = r ? 1 : 0;
  };
  together([&] { release(released[0]); }, [&] { release(released[1]); },
           [&] { held = keep(s.try_acquire(2)).value_or(0); });
  const count_t sum = released[0] + released[1];
  require(sum >= 1 && !s.is_poisoned());
  require(held + s.available_permits() == semaphore::max_permits - 1 + sum);
}

PAWL_MODEL("semaphore.conserve.split", "the parts of a permit are worth the whole",
           bounds{.threads = 5, .note = "3 permits, held, in parts of 1 and 2; a call of 3"}) {
  semaphore s(3);
  permit rest = s.try_acquire(3).value();
  permit part = rest.split(1).value();
  const call a = acquire(s, 3);
  together([&] { const permit moved = std::move(part); }, [&] { rest.release(); });
  require(a.count() == 3 && s.available_permits() == 0);
}

PAWL_MODEL("semaphore.conserve.merge", "merged permits are given back once, forgotten ones never",
           bounds{.threads = 4,
                  .note = "4 permits, held: 1 + 2 merged and given back, 1 forgotten"}) {
  semaphore s(4);
  permit one = s.try_acquire(1).value();
  permit two = s.try_acquire(2).value();
  permit lost = s.try_acquire(1).value();
  const call a = acquire(s, 2);
  together(
      [&] {
        one.merge(std::move(two));
        one.release();
      },
      [&] { require(std::move(lost).forget() == 1); });
  require(a.count() == 2 && s.available_permits() == 1);
}
