// CV-NO-LOST: who waits for something that was changed with the mutex locked is told, whether that
// happens with the mutex locked or after. What is lost is a deadlock.

#include <pawl/sync/shared_mutex.hpp>

#include "calls.hpp"

using namespace models;

namespace {

call wait_until(condition_variable& changed, counter& m, count_t wanted) {
  auto held = co_await m.lock();
  const auto seen = co_await changed.wait(*held, [&] { return **held >= wanted; });
  co_return seen.map([&] { return **held; });
}

void wait_until_blocking(condition_variable& changed, counter& m, count_t wanted) {
  auto held = m.lock_blocking();
  require(changed.wait_blocking(*held, [&] { return **held >= wanted; }).has_value());
}

void set(counter& m, count_t to) {
  const auto held = m.lock_blocking();
  **held = to;
}

void require_nobody(condition_variable& changed, counter& m) {
  require(!changed.has_waiters() && !m.is_locked() && !m.has_waiters());
}

}  // namespace

PAWL_MODEL("condition_variable.no_lost.call", "of a call, by a notification after the unlock",
           bounds{.threads = 4, .note = "a call waits for 1; 1 thread sets and notifies"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> a;
  together([&] { a = wait_until(changed, m, 1); },
           [&] {
             set(m, 1);
             changed.notify_one();
           });
  require(a->count() == 1);
  require_nobody(changed, m);
}

PAWL_MODEL("condition_variable.no_lost.under_lock", "or before it, which moves it to the mutex",
           bounds{.threads = 4, .note = "a call waits for 1; 1 thread sets and notifies"}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> a;
  together([&] { a = wait_until(changed, m, 1); },
           [&] {
             const auto held = m.lock_blocking();
             **held = 1;
             changed.notify_all();
           });
  require(a->count() == 1);
  require_nobody(changed, m);
}

PAWL_MODEL("condition_variable.no_lost.thread", "so it is for threads",
           bounds{.threads = 3, .note = "1 thread waits for 1; 1 sets and notifies"}) {
  condition_variable changed;
  counter m(0);
  together([&] { wait_until_blocking(changed, m, 1); },
           [&, locked = pawl::check::choose(2) == 0] {
             if (locked) {
               const auto held = m.lock_blocking();
               **held = 1;
               changed.notify_one();
             } else {
               set(m, 1);
               changed.notify_one();
             }
           });
  require_nobody(changed, m);
}

PAWL_MODEL("condition_variable.no_lost.all", "all who wait are told, in whatever state they are",
           bounds{.threads = 5,
                  .note = "1 thread and 1 call wait for 1; 1 sets and notifies all",
                  .full = true}) {
  condition_variable changed;
  counter m(0);
  std::optional<call> a;
  together([&] { a = wait_until(changed, m, 1); }, [&] { wait_until_blocking(changed, m, 1); },
           [&] {
             set(m, 1);
             require(changed.notify_all() <= 2);
           });
  require(a->granted());
  require_nobody(changed, m);
}

PAWL_MODEL("condition_variable.no_lost.two_places", "a full place, an empty place, and one between",
           bounds{
               .threads = 3, .note = "a buffer of one; 1 thread puts 2, 1 takes 2", .full = true}) {
  condition_variable changed;
  counter full(0);
  const auto switch_to = [&](count_t to) {
    auto held = full.lock_blocking();
    require(changed.wait_blocking(*held, [&] { return **held != to; }).has_value());
    **held = to;
    changed.notify_one();
  };
  const auto twice = [&](count_t to) {
    switch_to(to);
    switch_to(to);
  };
  together([&] { twice(1); }, [&] { twice(0); });
  require_nobody(changed, full);
}

PAWL_MODEL("condition_variable.no_lost.reader", "who has a lock that is shared waits as well",
           bounds{.threads = 3, .note = "1 thread waits with a shared lock; 1 writes, notifies"}) {
  condition_variable changed;
  pawl::shared_mutex<count_t> m(0);
  together(
      [&] {
        auto held = m.lock_shared_blocking();
        require(changed.wait_blocking(*held, [&] { return **held == 1; }).has_value());
      },
      [&] {
        **m.lock_blocking() = 1;
        changed.notify_all();
      });
  require(!changed.has_waiters() && !m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("condition_variable.no_lost.readers", "readers that begin to wait at the same time",
           bounds{.threads = 3,
                  .note = "2 threads wait with a shared lock; 1 writes, notifies",
                  .full = true}) {
  condition_variable changed;
  pawl::shared_mutex<count_t> m(0);
  const auto wait_for_1 = [&] {
    auto held = m.lock_shared_blocking();
    require(changed.wait_blocking(*held, [&] { return **held == 1; }).has_value());
  };
  pawl::thread first(wait_for_1), second(wait_for_1);
  {
    const auto held = m.lock_blocking();
    **held = 1;
  }
  changed.notify_all();
  first.join();
  second.join();
  require(!changed.has_waiters() && !m.is_locked() && !m.has_waiters());
}
