// blocking::mutex: BYTE-CANCEL: a wait that is given up holds nothing and leaves nothing behind, at
// whatever moment the stop or the deadline comes.

#include <chrono>

#include "calls.hpp"

using namespace models;
using pawl::blocking::mutex;
using namespace std::chrono_literals;

PAWL_MODEL("blocking.mutex.stop", "a stop meets an unlock",
           bounds{.threads = 4, .note = "held; 1 thread locks, to be stopped; an unlock"}) {
  mutex m;
  entries inside;
  pawl::stop_source stop;
  bool got = false;
  m.lock();
  together([&] { got = leave_if(m.lock(stop.get_token()), m, inside); }, [&] { m.unlock(); },
           [&] { stop.request_stop(); });
  require_idle(m, inside, got ? 1 : 0);
}

PAWL_MODEL("blocking.mutex.stop_first", "who stops lets in whoever is behind",
           bounds{.threads = 4, .note = "held; 2 threads lock, one to be stopped; an unlock"}) {
  mutex m;
  entries inside;
  pawl::stop_source stop;
  bool got = false;
  m.lock();
  together([&] { got = leave_if(m.lock(stop.get_token()), m, inside); }, [&] { enter(m, inside); },
           [&] {
             stop.request_stop();
             m.unlock();
           });
  require_idle(m, inside, got ? 2 : 1);
}

PAWL_MODEL("blocking.mutex.stopped_before", "a stop that came first prevails",
           bounds{.threads = 1, .note = "free and held"}) {
  mutex m;
  pawl::stop_source stop;
  stop.request_stop();
  require(!m.lock(stop.get_token()) && !m.is_locked());
  m.lock();
  require(!m.lock(stop.get_token()) && !m.has_waiters());
  m.unlock();
}

PAWL_MODEL("blocking.mutex.time_out", "a deadline meets an unlock",
           bounds{.threads = 3, .note = "held; 1 thread locks with a deadline; an unlock"}) {
  mutex m;
  entries inside;
  bool got = false;
  m.lock();
  together([&] { got = leave_if(m.try_lock_for(1ms), m, inside); }, [&] { m.unlock(); });
  require_idle(m, inside, got ? 1 : 0);
}

PAWL_MODEL("blocking.mutex.time_out_first", "who times out lets in whoever is behind",
           bounds{.threads = 4, .note = "held; 2 threads lock, one with a deadline; an unlock"}) {
  mutex m;
  entries inside;
  bool got = false;
  m.lock();
  together([&] { got = leave_if(m.try_lock_for(1ms), m, inside); }, [&] { enter(m, inside); },
           [&] { m.unlock(); });
  require_idle(m, inside, got ? 2 : 1);
}
