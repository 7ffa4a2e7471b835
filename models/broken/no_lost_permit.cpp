// SEM-NO-LOST-PERMIT: never does the first waiter wait for permits that are there.
#include "../semaphore/calls.hpp"

using namespace models;

PAWL_MODEL("no_lost_permit.wake", "who is granted wakes up",
           bounds{.threads = 2, .note = "a thread acquires 1; a release of 1"}) {
  semaphore s(0);
  pawl::thread waiting([&] { require(s.acquire_blocking(1).has_value()); });
  s.release(1);
  waiting.join();
}

PAWL_MODEL("no_lost_permit.arrival", "who arrives during a turn is not forgotten",
           bounds{.threads = 3, .note = "calls of 1 and 1; a release of 2"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 1);
  std::optional<call> arriving;
  together([&] { s.release(2); }, [&] { arriving = acquire(in_waker{}, s, 1); });
  require(waiting.granted() && arriving->granted());
}

PAWL_MODEL("no_lost_permit.turn", "one release grants all that it allows, turn after turn",
           bounds{.threads = 2, .note = "3 calls of 1 (2 are a turn); a release of 3"}) {
  semaphore s(0);
  const call first = acquire(in_waker{}, s, 1);
  const call second = acquire(in_waker{}, s, 1);
  const call third = acquire(in_waker{}, s, 1);
  together([&] { s.release(3); });
  require(first.granted() && second.granted() && third.granted());
}

PAWL_MODEL("no_lost_permit.oversize", "a call for more than there can be does not wait for ever",
           bounds{.threads = 2, .note = "a call of max_permits + 1"}) {
  semaphore s(0);
  const auto acquired = s.acquire_blocking(semaphore::max_permits + 1);
  require(failed_with(acquired, errc::exceeds_limit));
}
