// SEM-FIFO: calls are granted in the order in which they start.
#include "../semaphore/calls.hpp"

using namespace models;

PAWL_MODEL("fifo.newcomer", "no newcomer overtakes who waits, though permits are free",
           bounds{.threads = 2, .note = "a call of 2 on 1 permit; a try of 1"}) {
  semaphore s(1);
  const call first = acquire(in_waker{}, s, 2);
  together([&] {
    const auto tried = s.try_acquire(1);
    require(failed_with(tried, errc::would_block), "SEM-FIFO: the newcomer overtakes");
  });
  s.release(1);
  require(first.count() == 2);
}

PAWL_MODEL("fifo.arrivals", "of two calls of one thread, made during a turn, the first is granted",
           bounds{.threads = 3, .note = "calls of 1, 1, 1; a release of 2"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 1);
  std::optional<call> first, second;
  together([&] { s.release(2); },
           [&] {
             first = acquire(in_waker{}, s, 1);
             second = acquire(in_waker{}, s, 1);
           });
  s.close();
  require(waiting.granted() && first->granted() && second->failed_with(errc::closed),
          "SEM-FIFO: the second call is granted before the first");
}
