// SEM-POISON: no acquire that starts after poison() has returned succeeds, every waiter is resumed
// with the error, nothing hangs. A grant made before stands. (close(): close.cpp)

#include <stdexcept>

#include "calls.hpp"

using namespace models;

namespace {

bool granted_or_poisoned(const call& c) { return c.granted() || c.failed_with(errc::poisoned); }

// Nothing is left to be had.
void require_poisoned(semaphore& s) {
  require(s.is_poisoned() && s.available_permits() == 0);
  require(failed_with(s.try_acquire(0), errc::poisoned));
  require(failed_with(s.acquire_blocking(1), errc::poisoned));
  require(s.acquire_all().count() == 0);
}

// A permit dies of an exception.
void unwind(permit held) {
  try {
    const permit dying = std::move(held);
    throw std::runtime_error("thrown while a permit is held");
  } catch (const std::runtime_error&) {}
}

}  // namespace

PAWL_MODEL("semaphore.poison.later", "who sees the poison is refused, with its name",
           bounds{.threads = 4, .note = "1 permit; a thread that looks, then tries and takes 1"}) {
  semaphore s(1);
  together([&] { s.poison(); },
           [&] {
             const bool poisoned = s.is_poisoned();
             const auto tried = s.try_acquire(1);
             require(!poisoned || failed_with(tried, errc::poisoned));
             require(tried || failed_with(tried, errc::poisoned));
           });
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.later_than_waiter", "so is who comes while somebody waits",
           bounds{.threads = 4,
                  .note = "a call of 2 on 1 permit; a thread that looks, then tries"}) {
  semaphore s(1);
  const call a = acquire(s, 2);
  together([&] { s.poison(); },
           [&] {
             const bool poisoned = s.is_poisoned();
             const auto tried = s.try_acquire(1);
             require(failed_with(tried, errc::poisoned) ||
                     (!poisoned && failed_with(tried, errc::would_block)));
           });
  require(a.failed_with(errc::poisoned));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.arrival", "a thread that is about to wait is refused",
           bounds{.threads = 3, .note = "1 thread takes 2 of 1 permit"}) {
  semaphore s(1);
  together([&] { s.poison(); },
           [&] { require(failed_with(s.acquire_blocking(2), errc::poisoned)); });
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.release", "a grant made before stands, a release after is void",
           bounds{.threads = 5, .note = "calls of 1 and 2; a release of 1 meets the poison"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  together([&] { s.poison(); }, [&] { s.release(1); });
  require(granted_or_poisoned(a) && b.failed_with(errc::poisoned));
  s.release(5);
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.queue",
           "everybody in a long queue is told, and who joins it meanwhile",
           bounds{.threads = 7, .note = "calls of 1, 2, 3, turns of 2; one more of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  const call c = acquire(s, 3);
  std::optional<call> d;
  together([&] { s.poison(); }, [&] { d = acquire(s, 1); });
  require(all_failed_with(errc::poisoned, a, b, c, *d));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.turn_limit", "poison that meets a turn that is carried on",
           bounds{.threads = 6, .note = "calls of 1, 2, 1, turns of 2; a release of 4"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  const call c = acquire(s, 1);
  together([&] { s.release(4); }, [&] { s.poison(); });
  require(granted_or_poisoned(a) && granted_or_poisoned(b) && granted_or_poisoned(c));
  require((a.granted() || !b.granted()) && (b.granted() || !c.granted()));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.try_release", "a release by try is told",
           bounds{.threads = 4, .note = "a call of 1; a release of 1 by try, poison"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  bool released = false;
  together([&] { s.poison(); },
           [&] {
             const auto r = s.try_release(1);
             require(r || r.error().code == errc::poisoned);
             released = r.has_value();
           });
  require(a.granted() ? released : a.failed_with(errc::poisoned));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.twice", "two poison at once: everybody is told once",
           bounds{.threads = 5, .note = "calls of 1 and 2; two threads poison"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  const call b = acquire(s, 2);
  together([&] { s.poison(); }, [&] { s.poison(); });
  require(all_failed_with(errc::poisoned, a, b));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.overrides_close", "whoever closes too, in the end it is poisoned",
           bounds{.threads = 4, .note = "a call of 1; close meets poison"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  together([&] { s.poison(); }, [&] { s.close(); });
  require(a.failed_with(errc::poisoned) || a.failed_with(errc::closed));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.unwinding", "a permit that dies of an exception poisons",
           bounds{.threads = 5, .note = "2 permits, in parts of 1; a call of 2"}) {
  semaphore s(2);
  permit first = s.try_acquire(1).value();
  permit second = s.try_acquire(1).value();
  const call a = acquire(s, 2);
  together([&] { unwind(std::move(first)); }, [&] { second.release(); });
  require(a.failed_with(errc::poisoned));
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.unwinding_releases", "unless the policy says that it is given back",
           bounds{.threads = 5, .note = "2 permits, in parts of 1; a call of 2"}) {
  semaphore s(2, pawl::on_unwind::release);
  permit first = s.try_acquire(1).value();
  permit second = s.try_acquire(1).value();
  const call a = acquire(s, 2);
  together([&] { unwind(std::move(first)); }, [&] { second.release(); });
  require(a.count() == 2 && !s.is_poisoned());
}

PAWL_MODEL("semaphore.poison.overflow", "more permits than the limit poison",
           bounds{.threads = 4, .note = "1 below max_permits; two releases of 1"}) {
  semaphore s(semaphore::max_permits - 1);
  together([&] { s.release(1); }, [&] { s.release(1); });
  require_poisoned(s);
}

PAWL_MODEL("semaphore.poison.overflow_after_grants", "what waiters take up does not overflow",
           bounds{.threads = 4,
                  .note = "1 below max_permits; a call of max_permits; a release of 2"}) {
  semaphore s(semaphore::max_permits - 1);
  const call a = acquire(s, semaphore::max_permits);
  together([&] { s.release(2); },
           [&] { require(!s.try_acquire(semaphore::max_permits).has_value()); });
  require(a.granted() && !s.is_poisoned() && s.available_permits() == 1);
}

PAWL_MODEL("semaphore.poison.overflow_in_queue", "what no waiter can take up poisons them",
           bounds{.threads = 5,
                  .note = "1 below max_permits; calls of max_permits and 1; releases of 2 "
                          "and max_permits"}) {
  semaphore s(semaphore::max_permits - 1);
  const call a = acquire(s, semaphore::max_permits);
  const call b = acquire(s, 1);
  together([&] { s.release(2); }, [&] { s.release(semaphore::max_permits); });
  require(granted_or_poisoned(a) && granted_or_poisoned(b));
  require(a.granted() || b.failed_with(errc::poisoned));
}

PAWL_MODEL("semaphore.poison.oversized", "what can never be granted is refused, and blocks nobody",
           bounds{.threads = 4, .note = "1 permit; calls of max_permits + 1 and 1"}) {
  semaphore s(1);
  together(
      [&] {
        require(failed_with(s.acquire_blocking(semaphore::max_permits + 1), errc::exceeds_limit));
      },
      [&] { require(s.try_acquire(1).has_value()); });
  require(s.available_permits() == 1);
}
