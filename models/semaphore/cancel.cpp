// SEM-CANCEL: a cancelled wait holds nothing and blocks nobody; a grant that races with the
// cancellation is delivered or passed on.

#include <pawl/task/spawn.hpp>
#include <pawl/task/this_task.hpp>

#include <numeric>
#include <optional>

#include "calls.hpp"

using namespace models;

namespace {

bool granted_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

pawl::task<count_t> acquire_as_task(semaphore& s, count_t n) {
  const pawl::stop_token stop = co_await pawl::this_task::get_stop_token();
  auto acquired = co_await s.acquire(n, stop);
  co_return std::move(std::move(acquired).value()).forget();
}

// As the model of tokio drops a polled acquire: a call, then its end.
void call_and_cancel(semaphore& s, count_t& held) {
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  stop.request_stop();
  held = a.count();
}
void call_and_cancel(in_waker, semaphore& s, count_t& held) {
  pawl::stop_source stop;
  const call a = acquire(in_waker(), s, 1, stop.get_token());
  stop.request_stop();
  held += a.count();
}

// Threads call and stop so often each; a release of as many as threads when the first is back.
template <unsigned Threads>
void call_and_cancel_together(int times) {
  semaphore s(0);
  count_t held[Threads] = {};
  const auto calls = [&](count_t& mine) {
    for (int i = 0; i < times; ++i) call_and_cancel(in_waker(), s, mine);
  };
  std::optional<pawl::thread> callers[Threads];
  for (unsigned i = 0; i < Threads; ++i) callers[i].emplace([&, i] { calls(held[i]); });
  callers[0]->join();
  s.release(Threads);
  for (unsigned i = 1; i < Threads; ++i) callers[i]->join();
  require(held[0] == 0, "SEM-CONSERVE: a permit that nobody released");
  const count_t all = std::accumulate(std::begin(held), std::end(held), count_t{0});
  require(all + s.available_permits() == Threads && !s.has_waiters());
}

}  // namespace

PAWL_MODEL("semaphore.cancel.grant", "a stop that meets the grant: one of them, never both",
           bounds{.threads = 5, .note = "calls of 2, to be cancelled, and 1; a release of 2"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 2, stop.get_token());
  const call b = acquire(s, 1);
  together([&] { stop.request_stop(); }, [&] { s.release(2); });
  require(granted_or(a, errc::cancelled));
  require(a.granted() ? s.has_waiters() : b.granted());
  s.close();
  require(a.count() + b.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.cancel.up_to",
           "so it is for a call that takes what is there: all that it takes, or nothing",
           bounds{.threads = 5,
                  .note = "calls of up to 3, to be cancelled, and 1; a release of 2"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire_up_to(s, 3, stop.get_token());
  const call b = acquire(s, 1);
  together([&] { stop.request_stop(); }, [&] { s.release(2); });
  require(a.granted() ? a.count() == 2 : a.failed_with(errc::cancelled));
  require(a.granted() ? s.has_waiters() : b.granted());
  s.close();
  require(a.count() + b.count() + s.available_permits() == 2);
}

PAWL_MODEL("semaphore.cancel.thread", "a blocked thread returns, with or without the permits",
           bounds{.threads = 4, .note = "1 thread takes 1; a stop; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  count_t held = 0;
  together(
      [&] {
        const auto r = keep(s.acquire_blocking(1, stop.get_token()));
        require(r || r.error().code == errc::cancelled);
        held = r.value_or(0);
      },
      [&] { stop.request_stop(); }, [&] { s.release(1); });
  require(held + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.start", "a stop at the start of the call takes nothing along",
           bounds{.threads = 4, .note = "1 permit; a call of 1 that starts while it is stopped"}) {
  semaphore s(1);
  pawl::stop_source stop;
  std::optional<call> a;
  bool stopped = false;
  together(
      [&] {
        stopped = stop.stop_requested();
        a = acquire(s, 1, stop.get_token());
      },
      [&] { stop.request_stop(); });
  require(a->granted() != a->failed_with(errc::cancelled) && !(stopped && a->granted()));
  require(a->count() + s.available_permits() == 1);
}

PAWL_MODEL("semaphore.cancel.start_waiting",
           "a stop at the start of a call that has to wait ends it",
           bounds{.threads = 4,
                  .note = "a call of 2 on 1 permit that starts while it is stopped"}) {
  semaphore s(1);
  pawl::stop_source stop;
  std::optional<call> a;
  together([&] { a = acquire(s, 2, stop.get_token()); }, [&] { stop.request_stop(); });
  require(a->failed_with(errc::cancelled) && s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.poison", "a stop that meets poison: one reason",
           bounds{.threads = 5, .note = "calls of 1, to be cancelled, and 2; poison"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  const call b = acquire(s, 2);
  together([&] { stop.request_stop(); }, [&] { s.poison(); });
  require(a.failed_with(errc::cancelled) || a.failed_with(errc::poisoned));
  require(b.failed_with(errc::poisoned) && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.close", "a stop that meets close and a release",
           bounds{.threads = 5, .note = "a call of 1; a stop; close; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  together([&] { stop.request_stop(); },
           [&] {
             s.close();
             s.release(1);
           });
  require(a.failed_with(errc::cancelled) || a.failed_with(errc::closed));
  require(s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.poison_and_grant",
           "a stop that meets poison and a release: one outcome",
           bounds{.threads = 6,
                  .note = "calls of 1, to be cancelled, and 2; a release of 1; poison"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  const call b = acquire(s, 2);
  together([&] { stop.request_stop(); }, [&] { s.release(1); }, [&] { s.poison(); });
  require(granted_or(a, errc::cancelled) || a.failed_with(errc::poisoned));
  require(b.failed_with(errc::poisoned) && s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.turn_limit", "a stop that meets a turn that is carried on",
           bounds{.threads = 6,
                  .note = "calls of 1, 1, and 1, to be cancelled, turns of 2; a release of 3"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1);
  const call b = acquire(s, 1);
  const call c = acquire(s, 1, stop.get_token());
  together([&] { s.release(3); }, [&] { stop.request_stop(); });
  require(a.granted() && b.granted() && granted_or(c, errc::cancelled));
  require(c.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.turn_carrier",
           "a stop that meets the grant of who carries the turn on",
           bounds{.threads = 6,
                  .note = "calls of 1, 1, to be cancelled, and 2, turns of 2; a release of 4"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1);
  const call b = acquire(s, 1, stop.get_token());
  const call c = acquire(s, 2);
  together([&] { s.release(4); }, [&] { stop.request_stop(); });
  require(a.granted() && c.granted() && granted_or(b, errc::cancelled));
  require(b.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.neighbours", "two in the same queue are cancelled at once",
           bounds{.threads = 6,
                  .note = "calls of 1 and 2, to be cancelled, and 3; a release of 3"}) {
  semaphore s(0);
  pawl::stop_source first, second;
  const call a = acquire(s, 1, first.get_token());
  const call b = acquire(s, 2, second.get_token());
  const call c = acquire(s, 3);
  together([&] { first.request_stop(); }, [&] { second.request_stop(); });
  require(a.failed_with(errc::cancelled) && b.failed_with(errc::cancelled));
  s.release(3);
  require(c.count() == 3 && s.available_permits() == 0);
}

PAWL_MODEL("semaphore.cancel.neighbours_granted", "two are cancelled while permits come",
           bounds{.threads = 6, .note = "calls of 1 and 2, to be cancelled; a release of 2"}) {
  semaphore s(0);
  pawl::stop_source first, second;
  const call a = acquire(s, 1, first.get_token());
  const call b = acquire(s, 2, second.get_token());
  together([&] { first.request_stop(); }, [&] { second.request_stop(); }, [&] { s.release(2); });
  require(granted_or(a, errc::cancelled) && granted_or(b, errc::cancelled));
  require(!a.granted() || !b.granted());
  require(a.count() + b.count() + s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.one_source", "one stop ends several waits",
           bounds{.threads = 6,
                  .note = "calls of 1 and 2 with one token, and of 1; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  const call b = acquire(s, 2, stop.get_token());
  const call c = acquire(s, 1);
  together([&] { stop.request_stop(); }, [&] { s.release(1); });
  require(granted_or(a, errc::cancelled) && b.failed_with(errc::cancelled));
  require(a.granted() ? s.has_waiters() : c.granted());
  s.close();
  require(a.count() + c.count() == 1 && s.available_permits() == 0);
}

PAWL_MODEL("semaphore.cancel.twice", "a second stop changes nothing",
           bounds{.threads = 4, .note = "a call of 1; two threads stop it"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 1, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { stop.request_stop(); });
  require(a.failed_with(errc::cancelled) && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.again", "after a cancelled wait the same thread can wait again",
           bounds{.threads = 4,
                  .note = "1 thread takes 1, again if cancelled; a stop; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  count_t held = 0;
  together(
      [&] {
        held = keep(s.acquire_blocking(1, stop.get_token())).value_or(0);
        if (held == 0) held = keep(s.acquire_blocking(1)).value();
      },
      [&] { stop.request_stop(); }, [&] { s.release(1); });
  require(held == 1 && s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.task", "aborting a task ends its wait",
           bounds{.threads = 4, .note = "1 spawned task takes 2; abort; a release of 2"}) {
  semaphore s(0);
  auto a = pawl::spawn(acquire_as_task(s, 2));
  pawl::thread releaser([&] { s.release(2); });
  a.abort();
  const auto r = std::move(a).join_blocking();
  releaser.join();
  require(r || r.error().code == errc::cancelled);
  require(r.value_or(0) + s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.concurrent", "calls that start and end while permits come hold none",
           bounds{.threads = 5,
                  .note = "1 thread calls for 1 and stops; calls of 1; a release of 2"}) {
  semaphore s(0);
  const call other = acquire(s, 1);
  count_t held = 0;
  together([&] { call_and_cancel(s, held); }, [&] { s.release(2); });
  require(other.granted() && held + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.cancel.concurrent_2", "so it is with two threads that do that",
           bounds{.threads = 3,
                  .note = "2 threads call for 1 and stop; a release of 2 when the first is back",
                  .full = true}) {
  call_and_cancel_together<2>(1);
}

PAWL_MODEL("semaphore.cancel.concurrent_twice", "and if each does it twice",
           bounds{.threads = 3,
                  .note = "2 threads call for 1 and stop, twice; a release of 2 after the first",
                  .full = true}) {
  call_and_cancel_together<2>(2);
}

PAWL_MODEL("semaphore.cancel.concurrent_three", "and if three threads do it twice each",
           bounds{.threads = 4,
                  .note = "3 threads call for 1 and stop, twice; a release of 3 after the first",
                  .full = true,
                  .by_states = true}) {
  call_and_cancel_together<3>(2);
}
