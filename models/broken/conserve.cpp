// SEM-CONSERVE: available + held + forgotten = initial + released.
#include "../semaphore/calls.hpp"

using namespace models;

PAWL_MODEL("conserve.grant", "what is granted to a waiter is not available to others",
           bounds{.threads = 2, .note = "a call of 1; a release of 1"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 1);
  together([&] { s.release(1); });
  require(waiting.count() == 1 && s.available_permits() == 0,
          "SEM-CONSERVE: the permit is granted and still there");
}

PAWL_MODEL("conserve.weight", "a waiter gets what it asked for, or waits",
           bounds{.threads = 2, .note = "a call of 2; a release of 1"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 2);
  together([&] { s.release(1); });
  s.close();
  require(waiting.failed_with(errc::closed) && s.available_permits() == 1,
          "SEM-CONSERVE: two permits are granted of one");
}
