// Metrics of a lock: whoever has it counts.
#include <pawl/sync/metered_mutex.hpp>

#include "../support.hpp"

using namespace models;

namespace {

void lock_once(pawl::metered_mutex<>& m) { m.lock_blocking().value().unlock(); }

call lock(in_waker, pawl::metered_mutex<>& m) {
  const auto locked = co_await m.lock();
  co_return locked.map([](const auto&) { return count_t{1}; });
}

}  // namespace

PAWL_MODEL("lock_metrics.exact", "each release is counted",
           bounds{.threads = 3, .note = "2 threads lock and unlock"}) {
  pawl::metered_mutex<> m("m");
  together([&] { lock_once(m); }, [&] { lock_once(m); });
  require(m.snapshot().hold.count == 2, "METRICS-EXACT: a release was not counted");
}

PAWL_MODEL("lock_metrics.contended", "who waits is counted as one who did",
           bounds{.threads = 1, .note = "a call that waits; an unlock"}) {
  pawl::metered_mutex<> m("m");
  auto held = m.try_lock();
  const call a = lock(in_waker(), m);
  held->unlock();
  require(a.granted() && m.snapshot().contentions == 1, "METRICS-EXACT: nobody waited");
}

PAWL_MODEL("lock_metrics.reset", "a reset forgets what came before it, whoever counts meanwhile",
           bounds{.threads = 3, .note = "a lock; then 1 thread locks, 1 resets and locks"}) {
  pawl::metered_mutex<> m("m");
  lock_once(m);
  together([&] { lock_once(m); },
           [&] {
             m.reset();
             lock_once(m);
           });
  require(m.snapshot().acquisitions() <= 2, "METRICS-EXACT: what was reset is back");
}
