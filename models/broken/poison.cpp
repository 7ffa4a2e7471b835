// SEM-POISON: after poison() or close() everybody who waits, or comes later, is told.
#include "../semaphore/calls.hpp"

using namespace models;

PAWL_MODEL("poison.waiters", "everybody who waits is told",
           bounds{.threads = 2, .note = "calls of 1 and 2; a poison"}) {
  semaphore s(0);
  const call first = acquire(in_waker{}, s, 1);
  const call second = acquire(in_waker{}, s, 2);
  together([&] { s.poison(); });
  require(first.failed_with(errc::poisoned) && second.failed_with(errc::poisoned));
}

PAWL_MODEL("poison.arrival", "who arrives during a close is told, too",
           bounds{.threads = 3, .note = "a call of 1 waits; another call of 1; a close"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 1);
  std::optional<call> arriving;
  together([&] { s.close(); }, [&] { arriving = acquire(in_waker{}, s, 1); });
  require(waiting.failed_with(errc::closed) && arriving->failed_with(errc::closed));
}

PAWL_MODEL("poison.overflow", "more permits than there can be poison",
           bounds{.threads = 2, .note = "max_permits; a release of 1"}) {
  semaphore s(semaphore::max_permits);
  together([&] { s.release(1); });
  require(s.is_poisoned(), "SEM-POISON: there are more permits than there can be");
}
