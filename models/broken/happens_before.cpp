// SEM-HB: the release of permits happens before the acquire that takes them. What the queue itself
// hands from thread to thread is seen by the same means: its fields are cells.
#include "../semaphore/calls.hpp"

using namespace models;

PAWL_MODEL("happens_before.try", "who takes a free permit sees what came before its release",
           bounds{.threads = 3, .note = "a release of 1; a try of 1"}) {
  semaphore s(0);
  pawl::cell<int> data{0};
  together(
      [&] {
        data.write(1);
        s.release(1);
      },
      [&] {
        if (s.try_acquire(1)) require(data.read() == 1);
      });
}

PAWL_MODEL("happens_before.queue", "who is granted in the queue sees what came before the release",
           bounds{.threads = 3, .note = "a call of 1; a release of 1"}) {
  semaphore s(0);
  pawl::cell<int> data{0};
  together(
      [&] {
        data.write(1);
        s.release(1);
      },
      [&] {
        require(s.acquire_blocking(1).has_value());
        require(data.read() == 1);
      });
}

PAWL_MODEL("happens_before.turns", "a turn sees what the turn before it did to the queue",
           bounds{.threads = 3, .note = "a call of 2; releases of 1 and 1"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 2);
  together([&] { s.release(1); }, [&] { s.release(1); });
  require(waiting.count() == 2);
}

PAWL_MODEL("happens_before.arrival", "a turn sees all of a waiter that it finds in the inbox",
           bounds{.threads = 3, .note = "calls of 1 and 1; a release of 2"}) {
  semaphore s(0);
  const call waiting = acquire(in_waker{}, s, 1);
  std::optional<call> arriving;
  together([&] { s.release(2); }, [&] { arriving = acquire(in_waker{}, s, 1); });
  require(waiting.granted() && arriving->granted());
}
