// Telemetry: probes that have ended, and calls that have.
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/telemetry.hpp>
#include <pawl/sync/telemetry_probe.hpp>

#include <optional>
#include <utility>

#include "../support.hpp"

using namespace models;
using probe_of_slots = pawl::telemetry_probe<pawl::semaphore>;

namespace {

call take(in_waker, probe_of_slots& probe, pawl::semaphore& s) {
  const auto taken = co_await probe.watch([&] { return s.acquire(); });
  co_return taken.map([](const pawl::permit& p) { return p.count(); });
}

}  // namespace

PAWL_MODEL("telemetry.live", "who looks meets no primitive whose probe has ended",
           bounds{.threads = 3, .note = "a probe ends; 1 thread looks"}) {
  pawl::telemetry all;
  pawl::semaphore s(1);
  std::optional<probe_of_slots> probe(std::in_place, all, "slots", s);
  together([&] { probe.reset(); }, [&] { require(all.snapshot().size() <= 1); });
}

PAWL_MODEL("telemetry.destroyed", "a call that was destroyed does not wait",
           bounds{.threads = 1, .note = "a call, destroyed while it waits"}) {
  pawl::telemetry all;
  pawl::semaphore s(0);
  probe_of_slots probe(all, "slots", s);
  { const call a = take(in_waker(), probe, s); }
  require(probe.snapshot().waiters == 0, "TELEMETRY-EXACT: who is gone still waits");
}

PAWL_MODEL("telemetry.counted", "calls that begin at the same time are both in progress",
           bounds{.threads = 3, .note = "2 threads try"}) {
  pawl::telemetry all;
  pawl::semaphore s(2);
  probe_of_slots probe(all, "slots", s);
  const auto once = [&] { (void)probe.watch_blocking([&] { return s.try_acquire(); }); };
  together(once, once);
  require(probe.snapshot().waiters == 0, "TELEMETRY-EXACT: a call was not counted");
}
