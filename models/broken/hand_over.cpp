// Rules (c) and (d) of synchronizer.hpp: nobody touches what he has handed over.
#include <memory>

#include "../semaphore/calls.hpp"

using namespace models;

PAWL_MODEL("hand_over.semaphore", "who gets the last permit may destroy the semaphore",
           bounds{.threads = 3, .note = "a thread acquires 1 and destroys; a release of 1"}) {
  auto s = std::make_unique<semaphore>(0);
  together([&] { s->release(1); },
           [&] {
             require(s->acquire_blocking(1).map(keep).has_value());
             s.reset();
           });
}

PAWL_MODEL("hand_over.waiter", "a coroutine resumes when it has left",
           bounds{.threads = 3, .note = "a call of 1; a release of 1"}) {
  semaphore s(0);
  std::optional<call> waiting;
  together([&] { s.release(1); }, [&] { waiting = acquire(in_waker{}, s, 1); });
  require(waiting->granted());
}
