// SEM-NO-LOST-PERMIT: whoever is first in the queue and fits is granted, whatever happened at the
// same time. A wake-up that is lost shows as a deadlock.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("semaphore.no_lost_permit.wait", "a release wakes the thread that is about to wait",
           bounds{.threads = 3, .note = "1 thread takes 1; a release of 2"}) {
  semaphore s(0);
  together([&] { require(s.acquire_blocking(1).has_value()); }, [&] { s.release(2); });
  require(s.available_permits() == 2 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.release", "who gives back hands over",
           bounds{.threads = 3, .note = "1 permit; 2 threads take and give back 1"}) {
  semaphore s(1);
  const auto once = [&] { require(s.acquire_blocking(1).has_value()); };
  together(once, once);
  require(s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.sum", "releases add up for a heavy waiter",
           bounds{.threads = 5, .note = "a call of 3; three releases of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 3);
  const auto release = [&] { s.release(1); };
  together(release, release, release);
  require(a.granted() && s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.arrivals", "calls that start during a release get their share",
           bounds{.threads = 6, .note = "calls of 1 and 2 from two threads; a release of 3"}) {
  semaphore s(0);
  std::optional<call> a, b;
  together([&] { a = acquire(s, 1); }, [&] { b = acquire(s, 2); }, [&] { s.release(3); });
  require(a->granted() && b->granted());
  require(s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.cancelled_head",
           "who leaves the head of the queue lets in the next",
           bounds{.threads = 5,
                  .note = "calls of 3, which is cancelled, and 2; 1 permit, a release of 1"}) {
  semaphore s(1);
  pawl::stop_source stop;
  const call a = acquire(s, 3, stop.get_token());
  const call b = acquire(s, 2);
  together([&] { stop.request_stop(); }, [&] { s.release(1); });
  require(a.failed_with(errc::cancelled) && b.granted());
}

PAWL_MODEL("semaphore.no_lost_permit.turn_limit",
           "grants beyond the limit of a turn are carried on",
           bounds{.threads = 7,
                  .note = "calls of 1, 2, 1, turns of 2; a release of 4 meets one of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  const call c = acquire(s, 1);
  together([&] { s.release(4); }, [&] { s.release(1); });
  require(a.granted() && b.granted() && c.granted());
  require(s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.turn_limit_thread", "a thread carries the turn on too",
           bounds{.threads = 5,
                  .note = "a call of 1, a thread that takes 2, a call of 1, turns of 2; a "
                          "release of 4"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  std::optional<call> b;
  together([&] { require(keep(s.acquire_blocking(2)).has_value()); },
           [&] {
             b = acquire(s, 1);
             s.release(4);
           });
  require(a.granted() && b->granted() && s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.turn_limit_arrival",
           "a call that starts meanwhile is not forgotten",
           bounds{.threads = 7,
                  .note = "calls of 1, 1, 1, turns of 2; one more of 1; a release of 4"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 1);
  const call c = acquire(s, 1);
  std::optional<call> d;
  together([&] { s.release(4); }, [&] { d = acquire(s, 1); });
  require(a.granted() && b.granted() && c.granted() && d->granted());
  require(s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.debt", "debt is paid first, and no more than once",
           bounds{.threads = 5, .note = "debt of 2; calls of 1 and 2; releases of 2 and 3"}) {
  semaphore s(0);
  s.shrink(2);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  together([&] { s.release(2); }, [&] { s.release(3); });
  require(a.granted() && b.granted());
  require(s.available_permits() == 0 && !s.has_waiters());
}

PAWL_MODEL("semaphore.no_lost_permit.free_try",
           "a try with free permits and nobody waiting succeeds",
           bounds{.threads = 3, .note = "2 permits; two tries of 1; 1 of 1 is given back"}) {
  semaphore s(2);
  const auto once = [&] { require(s.try_acquire(1).has_value()); };
  together(once, once);
  require(s.available_permits() == 2);
}

PAWL_MODEL("semaphore.no_lost_permit.free_try_afterwards", "so it does after a call was cancelled",
           bounds{.threads = 4,
                  .note = "a call of 2 on 1 permit, cancelled; a try meanwhile, and after"}) {
  semaphore s(1);
  pawl::stop_source stop;
  const call a = acquire(s, 2, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { (void)s.try_acquire(1); });
  require(a.failed_with(errc::cancelled));
  require(s.try_acquire(1).has_value());
}
