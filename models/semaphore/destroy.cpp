// Destroying a suspended coroutine, where nothing can resume it at the same time; and destroying
// the semaphore as soon as nobody needs it. What is touched afterwards is a use after free.

#include <memory>

#include <pawl/task/run_loop.hpp>

#include "../late_timer.hpp"
#include "calls.hpp"

using namespace models;

namespace {

// Calls that destroy another one when they are granted.
call acquire_and_destroy(in_waker, semaphore& s, count_t n, std::optional<call>& other) {
  auto acquired = co_await s.acquire(n);
  other.reset();
  co_return keep(std::move(acquired));
}
call acquire_and_destroy(pawl::run_loop& loop, semaphore& s, count_t n,
                         std::optional<call>& other) {
  auto acquired = co_await s.acquire(n);
  other.reset();
  loop.finish();
  co_return keep(std::move(acquired));
}
call acquire(pawl::run_loop&, semaphore& s, count_t n) {
  auto acquired = co_await s.acquire(n);
  co_return keep(std::move(acquired));
}

call acquire_in_time(late_timer&, semaphore& s, count_t n) {
  auto acquired = co_await s.acquire_until(n, pawl::steady_clock::time_point::max());
  co_return keep(std::move(acquired));
}

// A call that destroys the semaphore when it is granted.
call acquire_and_destroy(std::unique_ptr<semaphore>& s, count_t n) {
  auto acquired = co_await s->acquire(n);
  auto kept = keep(std::move(acquired));
  s.reset();
  co_return kept;
}
call acquire_and_destroy(in_waker, std::unique_ptr<semaphore>& s, count_t n) {
  auto acquired = co_await s->acquire(n);
  auto kept = keep(std::move(acquired));
  s.reset();
  co_return kept;
}

// Nobody waits and n permits are free.
void require_idle(semaphore& s, count_t n) {
  require(s.available_permits() == n && !s.has_waiters());
}

}  // namespace

PAWL_MODEL("semaphore.cancel.destroyed",
           "a waiter is destroyed during a release that is not for it",
           bounds{.threads = 4, .note = "calls of 2 and 1, which is destroyed; a release of 2"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  std::optional<call> b = acquire(s, 1);
  pawl::thread releaser([&] { s.release(2); });
  b.reset();
  releaser.join();
  require(a.granted());
  s.release(1);
  require_idle(s, 1);
}

PAWL_MODEL("semaphore.cancel.destroyed_with_token",
           "a stop that comes when the waiter is gone finds nothing of it",
           bounds{.threads = 4,
                  .note = "a call of 1, to be stopped, is destroyed; a stop; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  std::optional<call> a = acquire(s, 1, stop.get_token());
  a.reset();
  together([&] { stop.request_stop(); }, [&] { s.release(1); });
  require_idle(s, 1);
}

PAWL_MODEL("semaphore.cancel.destroyed_as_time_is_up",
           "a waiter is destroyed while its deadline passes, and the queue is somebody else's",
           bounds{.threads = 3,
                  .note = "a call of 2, with a deadline, is destroyed; a release of 1"}) {
  semaphore s(0);
  late_timer timer;
  std::optional<call> a = acquire_in_time(timer, s, 2);
  pawl::thread clock([&] { timer.run(); });
  pawl::thread releaser([&] { s.release(1); });
  a.reset();
  clock.join();
  releaser.join();
  require_idle(s, 1);
}

PAWL_MODEL("semaphore.cancel.destroyed_as_granted", "or when the deadline comes too late for it",
           bounds{.threads = 2,
                  .note = "a call of 1, with a deadline, is destroyed; a release of 1 meanwhile"}) {
  semaphore s(0);
  late_timer timer;
  std::optional<call> a = acquire_in_time(timer, s, 1);
  pawl::thread clock([&] {
    timer.wait();
    s.release(1);
    timer.expire();
  });
  a.reset();
  clock.join();
  require_idle(s, 1);
}

PAWL_MODEL("semaphore.cancel.destroyed_head",
           "who is destroyed at the head of the queue lets in the next",
           bounds{.threads = 4,
                  .note = "calls of 3, which is destroyed, and 2; 1 permit, a release of 1"}) {
  semaphore s(1);
  std::optional<call> a = acquire(s, 3);
  const call b = acquire(s, 2);
  pawl::thread releaser([&] { s.release(1); });
  a.reset();
  releaser.join();
  require(b.granted());
  require_idle(s, 0);
}

PAWL_MODEL("semaphore.cancel.destroyed_among_arrivals",
           "a waiter is destroyed while others join the queue",
           bounds{.threads = 5,
                  .note = "calls of 1, which is destroyed, and 2, and one more of 1; at last "
                          "a release of 3"}) {
  semaphore s(0);
  std::optional<call> a = acquire(s, 1);
  const call b = acquire(s, 2);
  std::optional<call> c;
  pawl::thread other([&] { c = acquire(s, 1); });
  a.reset();
  other.join();
  s.release(3);
  require(b.granted() && c->granted());
  require_idle(s, 0);
}

PAWL_MODEL("semaphore.cancel.destroyed_by_wake_up", "a wake-up destroys one that was woken with it",
           bounds{.threads = 3,
                  .note = "calls of 1 and 1, which is destroyed; a release of 2, a try of 1"}) {
  semaphore s(0);
  count_t held = 0;
  std::optional<call> b;
  const call a = acquire_and_destroy(in_waker(), s, 1, b);
  b = acquire(in_waker(), s, 1);
  together([&] { s.release(2); }, [&] { held = keep(s.try_acquire(1)).value_or(0); });
  require(a.granted());
  require_idle(s, 1 - held);
}

PAWL_MODEL("semaphore.cancel.destroyed_with_turn",
           "who is destroyed passes on the turn that it carries",
           bounds{.threads = 3,
                  .note = "calls of 1, 1, which is destroyed, and 2, turns of 2; one more of "
                          "1; a release of 4"}) {
  semaphore s(0);
  std::optional<call> b, d;
  const call a = acquire_and_destroy(in_waker(), s, 1, b);
  b = acquire(in_waker(), s, 1);
  const call c = acquire(in_waker(), s, 2);
  together([&] { s.release(4); }, [&] { d = acquire(in_waker(), s, 1); });
  require(a.granted() && c.granted() && d->granted());
  require_idle(s, 0);
}

PAWL_MODEL("semaphore.cancel.destroyed_on_loop", "a coroutine destroys another one of its run_loop",
           bounds{.threads = 2, .note = "2 calls of 1 on a loop; a release of 1"}) {
  semaphore s(0);
  pawl::run_loop loop;
  std::optional<call> b;
  const call a = acquire_and_destroy(loop, s, 1, b);
  b = acquire(loop, s, 1);
  pawl::thread releaser([&] { s.release(1); });
  loop.run();
  releaser.join();
  require(a.granted());
  require_idle(s, 0);
}

PAWL_MODEL("semaphore.conserve.destroyed", "who is granted may destroy the semaphore",
           bounds{.threads = 3, .note = "a call of 1 that destroys; a release of 1"}) {
  auto s = std::make_unique<semaphore>(0);
  const call a = acquire_and_destroy(s, 1);
  together([&at = *s] { at.release(1); });
  require(a.granted());
}

PAWL_MODEL("semaphore.conserve.destroyed_by_last",
           "so may the last of those that are woken together",
           bounds{.threads = 3, .note = "calls of 1 and 2, which destroys; releases of 1 and 2"}) {
  auto s = std::make_unique<semaphore>(0);
  const call a = acquire(in_waker(), *s, 1);
  const call b = acquire_and_destroy(in_waker(), s, 2);
  together([&at = *s] { at.release(1); }, [&at = *s] { at.release(2); });
  require(a.granted() && b.granted());
}

PAWL_MODEL("semaphore.conserve.destroyed_after_turns",
           "so may the last of those whom several turns wake",
           bounds{.threads = 5,
                  .note = "calls of 1, 1, 2, which destroys, turns of 2; a release of 4"}) {
  auto s = std::make_unique<semaphore>(0);
  const call a = acquire(*s, 1);
  const call b = acquire(*s, 1);
  const call c = acquire_and_destroy(s, 2);
  together([&at = *s] {
    at.release(1);
    at.release(3);
  });
  require(a.granted() && b.granted() && c.granted());
}

PAWL_MODEL("semaphore.conserve.destroyed_by_thread",
           "a thread that waited may destroy the semaphore",
           bounds{.threads = 3, .note = "1 thread takes 1 and destroys; a release of 1"}) {
  auto s = std::make_unique<semaphore>(0);
  together(
      [&] {
        require(keep(s->acquire_blocking(1)).has_value());
        s.reset();
      },
      [&at = *s] { at.release(1); });
}

PAWL_MODEL("semaphore.conserve.destroyed_after_try", "so may one whose try succeeded",
           bounds{.threads = 4, .note = "releases of 1 and 2; a try of 3 that destroys"}) {
  auto s = std::make_unique<semaphore>(0);
  together([&at = *s] { at.release(1); }, [&at = *s] { at.release(2); },
           [&] {
             if (keep(s->try_acquire(3))) s.reset();
           });
}
