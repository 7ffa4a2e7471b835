// What the blocking locks rest on: the parking table, and the two bits that go with it.
#include <chrono>

#include "../blocking/calls.hpp"

using namespace models;
using pawl::blocking::mutex;

PAWL_MODEL("blocking.queue", "all who wait get the lock, one after the other",
           bounds{.threads = 3, .note = "held; 2 threads lock; an unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread a([&] { enter(m, inside); });
  pawl::thread b([&] { enter(m, inside); });
  m.unlock();
  a.join();
  b.join();
}

PAWL_MODEL("blocking.try", "who locks sees what was done before the unlock",
           bounds{.threads = 3, .note = "2 threads try"}) {
  mutex m;
  entries inside;
  const auto once = [&] { leave_if(m.try_lock(), m, inside); };
  together(once, once);
}

PAWL_MODEL("blocking.fair", "who is handed the lock has it",
           bounds{.threads = 2, .note = "held; 1 thread locks; a fair unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread waiting([&] { enter(m, inside); });
  m.unlock_fair();
  waiting.join();
}

PAWL_MODEL("blocking.time_out", "who gave up waits no longer",
           bounds{.threads = 2, .note = "held; 1 thread locks with a deadline; an unlock"}) {
  mutex m;
  entries inside;
  m.lock();
  pawl::thread waiting([&] { leave_if(m.try_lock_for(std::chrono::milliseconds(1)), m, inside); });
  m.unlock();
  waiting.join();
}
