// TELEMETRY-EXACT: each call that is watched is in progress until it ends, in one of the ways that
// are counted. TELEMETRY-LIVE: nobody looks at a primitive whose probe has ended.

#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/telemetry.hpp>
#include <pawl/sync/telemetry_probe.hpp>

#include "../support.hpp"

using namespace models;
using pawl::telemetry;
using probe_of_slots = pawl::telemetry_probe<pawl::semaphore>;

namespace {

call take(probe_of_slots& probe, pawl::semaphore& s, pawl::stop_token token = {}) {
  const auto taken = co_await probe.watch([&] { return s.acquire(1, token); });
  co_return taken.map([](const pawl::permit& p) { return p.count(); });
}

call take(in_waker, probe_of_slots& probe, pawl::semaphore& s) {
  const auto taken = co_await probe.watch([&] { return s.acquire(); });
  co_return taken.map([](const pawl::permit& p) { return p.count(); });
}

}  // namespace

PAWL_MODEL("telemetry.exact.call", "a call waits until it is granted or cancelled, and is counted",
           bounds{.threads = 4, .note = "a call; a release; a stop"}) {
  telemetry all;
  pawl::semaphore s(0);
  probe_of_slots probe(all, "slots", s);
  pawl::stop_source stop;
  const call a = take(probe, s, stop.get_token());
  require(probe.snapshot().waiters == 1, "TELEMETRY-EXACT");
  together([&] { s.release(); }, [&] { stop.request_stop(); });
  const bool granted = a.granted();
  const auto now = probe.snapshot();
  require(now.waiters == 0 && now.grants + now.cancellations == 1, "TELEMETRY-EXACT");
  require((now.grants == 1) == granted && now.since.has_value() == granted);
}

PAWL_MODEL("telemetry.exact.threads", "what others count meanwhile is not lost",
           bounds{.threads = 4, .note = "2 threads try; 1 looks"}) {
  telemetry all;
  pawl::semaphore s(1);
  probe_of_slots probe(all, "slots", s);
  const auto once = [&] { (void)probe.watch_blocking([&] { return s.try_acquire(); }); };
  together(once, once, [&] { require(all.snapshot().at(0).waiters <= 2, "TELEMETRY-EXACT"); });
  const auto now = probe.snapshot();
  require(now.waiters == 0 && now.grants >= 1 && now.grants <= 2, "TELEMETRY-EXACT");
}

PAWL_MODEL("telemetry.exact.destroyed", "nor does a call wait that was destroyed",
           bounds{.threads = 1, .note = "a call, destroyed while it waits"}) {
  telemetry all;
  pawl::semaphore s(0);
  probe_of_slots probe(all, "slots", s);
  { const call a = take(in_waker(), probe, s); }
  const auto now = probe.snapshot();
  require(now.waiters == 0 && now.cancellations == 1, "TELEMETRY-EXACT");
}

PAWL_MODEL("telemetry.live", "who looks meets no primitive whose probe has ended",
           bounds{.threads = 3, .note = "1 thread makes and destroys a semaphore; 1 looks"}) {
  telemetry all;
  together(
      [&] {
        pawl::semaphore s(1);
        const probe_of_slots probe(all, "slots", s);
      },
      [&] {
        for (const auto& each : all.snapshot()) require(each.available == 1u, "TELEMETRY-LIVE");
      });
  require(all.snapshot().empty());
}
