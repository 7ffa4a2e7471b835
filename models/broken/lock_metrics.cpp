// Metrics of a lock: whoever has it counts.
#include <pawl/sync/metered_mutex.hpp>

#include "../support.hpp"

using namespace models;

PAWL_MODEL("lock_metrics.exact", "each release is counted",
           bounds{.threads = 3, .note = "2 threads lock and unlock"}) {
  pawl::metered_mutex<> m("m");
  const auto once = [&] { m.lock_blocking().value().unlock(); };
  together(once, once);
  require(m.snapshot().hold.count == 2, "METRICS-EXACT: a release was not counted");
}
