// METRICS-EXACT: each acquisition and each release is counted once, whoever makes them, and none
// that comes after a reset is forgotten.

#include <pawl/sync/metered_mutex.hpp>

#include <chrono>
#include <optional>

#include "../support.hpp"

using namespace models;

namespace {

using counter = pawl::metered_mutex<count_t>;

pawl::result<count_t> count_up(const pawl::result<counter::guard>& locked) {
  return locked.map([](const counter::guard& g) { return (*g)++; });
}

call enter(counter& m, pawl::stop_token token = {}) {
  const auto locked = co_await m.lock(token);
  co_return count_up(locked);
}
call enter_in_time(counter& m) {
  const auto locked = co_await m.lock_for(std::chrono::seconds(1));
  co_return count_up(locked);
}

void enter_blocking(counter& m) { ++**m.lock_blocking(); }

void require_counted(const counter& m, count_t n) {
  const auto now = m.snapshot();
  require(now.acquisitions() == n && now.hold.count == n, "METRICS-EXACT");
}

}  // namespace

PAWL_MODEL("lock_metrics.exact.threads", "all are counted, and those who waited",
           bounds{.threads = 3, .note = "2 threads lock and unlock"}) {
  counter m("m", count_t{0});
  together([&] { enter_blocking(m); }, [&] { enter_blocking(m); });
  require_counted(m, 2);
  require(m.unguarded() == 2 && m.snapshot().contentions <= 1);
}

PAWL_MODEL("lock_metrics.exact.call", "so is a coroutine that waits",
           bounds{.threads = 4, .note = "a call; an unlock; a try"}) {
  counter m("m", count_t{0});
  auto held = m.try_lock();
  const call a = enter(m);
  bool tried = false;
  together([&] { held->unlock(); }, [&] { tried = m.try_lock().has_value(); });
  require(a.granted());
  require_counted(m, tried ? 3 : 2);
  require(m.snapshot().contentions == 1);
}

PAWL_MODEL("lock_metrics.exact.reset", "what comes after a reset is counted",
           bounds{.threads = 3, .note = "1 thread locks; 1 resets, then locks"}) {
  counter m("m", count_t{0});
  together([&] { enter_blocking(m); },
           [&] {
             m.reset();
             enter_blocking(m);
           });
  const auto now = m.snapshot();
  require(now.acquisitions() >= 1 && now.acquisitions() <= 2, "METRICS-EXACT");
  require(now.hold.count >= 1 && now.hold.count <= 2, "METRICS-EXACT");
}

PAWL_MODEL("lock_metrics.exact.snapshot", "a look is a number that was right during the look",
           bounds{.threads = 3, .note = "1 thread locks twice; 2 looks"}) {
  counter m("m", count_t{0});
  together(
      [&] {
        enter_blocking(m);
        enter_blocking(m);
      },
      [&] {
        const auto before = m.snapshot();
        const auto after = m.snapshot();
        require(before.acquisitions() <= after.acquisitions() && after.acquisitions() <= 2);
        require(before.hold.count <= after.hold.count && after.hold.count <= 2);
      });
  require_counted(m, 2);
}

PAWL_MODEL("lock_metrics.cancel.stop", "a stop that meets the hand-over: who has it is counted",
           bounds{.threads = 4, .note = "a call to be cancelled; an unlock"}) {
  counter m("m", count_t{0});
  auto held = m.try_lock();
  pawl::stop_source stop;
  const call a = enter(m, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { held->unlock(); });
  require(a.granted() || a.failed_with(pawl::errc::cancelled));
  require_counted(m, a.granted() ? 2 : 1);
  require(m.snapshot().contentions == (a.granted() ? 1u : 0u));
}

PAWL_MODEL("lock_metrics.cancel.deadline", "so it is for a deadline",
           bounds{.threads = 4, .note = "a call with a deadline; an unlock"}) {
  counter m("m", count_t{0});
  auto held = m.try_lock();
  const call a = enter_in_time(m);
  together([&] { held->unlock(); });
  require(a.granted() || a.failed_with(pawl::errc::timed_out));
  require_counted(m, a.granted() ? 2 : 1);
}

PAWL_MODEL("lock_metrics.cancel.destroyed", "a call that is destroyed is not counted",
           bounds{.threads = 4, .note = "a call, destroyed; a try; then an unlock"}) {
  counter m("m", count_t{0});
  auto held = m.try_lock();
  std::optional<call> a = enter(m);
  together([&] { a.reset(); }, [&] { require(!m.try_lock()); });
  held->unlock();
  require_counted(m, 1);
  require(m.snapshot().contentions == 0);
}

PAWL_MODEL("lock_metrics.exact.queued", "who is seen waiting is counted as one who did",
           bounds{.threads = 4, .note = "a call; who has the lock looks, and unlocks"}) {
  counter m("m", count_t{0});
  auto held = m.try_lock();
  std::optional<call> a;
  bool seen = false;
  together(
      [&] {
        seen = m.has_waiters();
        held->unlock();
      },
      [&] { a = enter(m); });
  require(a->granted());
  require_counted(m, 2);
  require(!seen || m.snapshot().contentions == 1,
          "METRICS-EXACT: a wait that was seen is not counted");
}
