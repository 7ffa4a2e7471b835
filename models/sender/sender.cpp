// A sender waits as a coroutine does, and tells its receiver once, where that wants to be told.
//
// SENDER-ONCE: whatever meets, a receiver is told once, of a grant or why there is none.
// SENDER-LAST: telling is the last that is done with an operation, so the receiver may destroy it.
// SENDER-PLACE: a receiver that has a scheduler is told there.

#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>

#include "../semaphore/calls.hpp"
#include "calls.hpp"

using namespace models;

namespace {

// Two things of a task wait for its stop: the one that is told first ends it, and the other.
struct noted {
  pawl::atomic<unsigned>& times;
  void operator()() const noexcept { times.fetch_add(1, pawl::memory_order_relaxed); }
};

pawl::task<count_t> acquire_and_note(semaphore& s, pawl::atomic<unsigned>& times) {
  const auto token = co_await pawl::this_task::get_stop_token();
  const pawl::stop_callback first(token, noted{times});
  auto acquired = co_await s.acquire(1, token);
  co_return pawl::or_throw(keep(std::move(acquired)));
}

}  // namespace

PAWL_MODEL("sender.fifo", "it waits in line with coroutines",
           bounds{.threads = 6,
                  .note = "a call of 2, a sender of 1, a call of 1; releases of 2, 1"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  answer b;
  auto op = acquiring(s, 1).connect(answering(b));
  op.start();
  const call c = acquire(s, 1);
  together([&] { s.release(2); }, [&] { s.release(1); });
  s.close();
  require(a.count() == 2 && b.count() == 1 && c.failed_with(errc::closed));
}

PAWL_MODEL("sender.arrival", "it starts while a release comes: the permit is not lost",
           bounds{.threads = 4, .note = "a sender of 1; a release of 1"}) {
  semaphore s(0);
  answer a;
  auto op = acquiring(s, 1).connect(answering(a));
  together([&] { s.release(1); }, [&] { op.start(); });
  require(a.count() == 1 && s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("sender.cancel", "a stop that meets the grant: it is told of one of them",
           bounds{.threads = 4, .note = "a sender of 1, to be stopped; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  answer a;
  auto op = acquiring(s, 1).connect(answering(a, stop.get_token()));
  op.start();
  together([&] { s.release(1); }, [&] { stop.request_stop(); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("sender.cancel_foreign", "so it is with a foreign stop token",
           bounds{.threads = 4, .note = "a sender of 1, to be stopped; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  answer a;
  auto op = acquiring(s, 1).connect(answering(a, foreign_token(stop)));
  op.start();
  together([&] { s.release(1); }, [&] { stop.request_stop(); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("sender.cancel_start", "a stop that meets the start",
           bounds{.threads = 4, .note = "a sender of 1 starts; a foreign stop"}) {
  semaphore s(0);
  pawl::stop_source stop;
  answer a;
  auto op = acquiring(s, 1).connect(answering(a, foreign_token(stop)));
  together([&] { op.start(); }, [&] { stop.request_stop(); });
  require(a.failed_with(errc::cancelled) && !s.has_waiters());
}

PAWL_MODEL("sender.cancel_arrival", "start, grant and stop at the same time",
           bounds{.threads = 5, .note = "a sender of 1 starts; a foreign stop; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  answer a;
  auto op = acquiring(s, 1).connect(answering(a, foreign_token(stop)));
  together([&] { op.start(); }, [&] { stop.request_stop(); }, [&] { s.release(1); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("sender.cancel_neighbour", "who is stopped gives way to the next",
           bounds{.threads = 6,
                  .note = "senders of 2, to be stopped, and 1; releases of 1 and 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  answer a, b;
  auto first = acquiring(s, 2).connect(answering(a, stop.get_token()));
  auto second = acquiring(s, 1).connect(answering(b));
  first.start();
  second.start();
  together([&] { s.release(1); }, [&] { stop.request_stop(); }, [&] { s.release(1); });
  s.close();
  require(a.count() == 2 ? b.failed_with(errc::closed) : b.count() == 1);
  require(a.count() + b.count() + s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("sender.destroy", "the receiver destroys the operation before it tells of it",
           bounds{.threads = 4, .note = "a sender of 1, to be stopped; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  answer a;
  before_all first;
  start_and_destroy_when_told(acquiring(s, 1), a, stop.get_token(), first);
  together([&] { s.release(1); }, [&] { stop.request_stop(); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("sender.destroy_foreign", "so it may, and the stop token, when a foreign stop ends it",
           bounds{.threads = 4,
                  .note = "a sender of a task that waits for 1 and notes the stop; "
                          "a foreign stop; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  pawl::atomic<unsigned> times{0};
  answer a;
  before_all first;
  start_and_destroy_when_told(pawl::as_sender([&] { return acquire_and_note(s, times); }), a,
                              foreign_token(stop), first);
  together([&] { s.release(1); }, [&] { stop.request_stop(); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("sender.hand_over", "who is told of the lock sees what it protects",
           bounds{.threads = 4, .note = "a sender that locks, to be stopped; an unlock"}) {
  pawl::mutex<count_t> m;
  pawl::stop_source stop;
  answer a;
  auto held = m.try_lock();
  auto op = locking(m).connect(answering(a, stop.get_token()));
  op.start();
  together(
      [&] {
        ++**held;
        held->unlock();
      },
      [&] { stop.request_stop(); });
  require(a.granted() ? a.count() == 2 : a.failed_with(errc::cancelled));
  require(!m.is_locked() && !m.has_waiters() && m.unguarded() == 1 + a.count() / 2);
}
