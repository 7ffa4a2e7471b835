// POOL-CLOSE: after close() nobody is given a resource, who waits is told, and everything is
// destroyed, once. POOL-UPKEEP: maintenance takes part as a call does.

#include <pawl/sync/semaphore.hpp>

#include "calls.hpp"

using namespace models;

namespace {

// Reads the resource: whoever uses it at the same time is a data race.
struct never_used {
  bool operator()(const resource& r) const { return r.uses() == 0; }
};
using checked_pool = pawl::pool<resource, maker, never_used>;

call maintain(in_waker, checked_pool& p) {
  const auto round = co_await p.health_check();
  co_return round.map([](const pawl::pool_round& r) { return 100 * r.created + r.evicted; });
}

}  // namespace

PAWL_MODEL("pool.close", "what is held when the pool is closed is destroyed when it comes back",
           bounds{.threads = 5, .note = "1 place, held; a call waits; close while it comes back"}) {
  census all(1);
  pool p(maker{&all}, size(1));
  auto held = p.try_acquire();
  const call a = use(p);
  together([&] { p.close(); }, [&] { held->release(); });
  require(a.granted() || a.failed_with(errc::closed));
  require(all.live() == 0 && p.stats().total == 0 && all.made() == 1);
  require(failed_with(p.try_acquire(), errc::closed));
}

PAWL_MODEL("pool.close.twice", "so is what is idle, by one of those who close it",
           bounds{.threads = 3,
                  .note = "2 places, one idle; 2 threads: one closes, one uses it and "
                          "closes"}) {
  census all(2);
  pool p(maker{&all}, size(2));
  p.try_acquire()->release();
  together([&] { p.close(); },
           [&] {
             const auto used = use(p.try_acquire());
             require(used == count_t{0} || failed_with(used, errc::closed));
             p.close();
           });
  require(all.live() == 0 && p.stats().total == 0);
}

PAWL_MODEL("pool.close.making", "what is being made when it is closed is not given out",
           bounds{.threads = 4, .note = "1 place; a call makes one; close meanwhile"}) {
  census all(1);
  pawl::semaphore may_go(0);
  const auto make = [&]() -> pawl::task<resource> {
    const auto went = co_await may_go.acquire();
    co_return resource(&all);
  };
  pawl::pool<resource, decltype(make)> p(make, size(1));
  const call a = use(in_waker(), p);
  together([&] { p.close(); }, [&] { may_go.release(); });
  require(a.granted() || a.failed_with(errc::closed));
  require(all.live() == 0 && all.made() == 1 && p.stats().creating == 0);
}

PAWL_MODEL("pool.upkeep", "a round checks what nobody uses, and makes what is missing",
           bounds{.threads = 3,
                  .note = "2 places, one idle, at least one; a round; a thread that "
                          "uses one and returns it"}) {
  census all(2);
  checked_pool p(maker{&all}, never_used(), size(2, 1));
  p.try_acquire()->release();
  std::optional<call> round;
  together([&] { round = maintain(in_waker(), p); },
           [&] { require(use(p.acquire_blocking()).has_value()); });
  const pawl::pool_stats now = p.stats();
  require(round->granted() && all.live() == now.total && now.idle == now.total);
  require(now.total >= 1 && is_whole(p));
}

PAWL_MODEL("pool.upkeep.closed", "a round that a close comes upon leaves nothing behind",
           bounds{.threads = 3, .note = "2 places, one idle, at least 2; a round; close"}) {
  census all(2);
  checked_pool p(maker{&all}, never_used(), size(2, 2));
  p.try_acquire()->release();
  std::optional<call> round;
  together([&] { round = maintain(in_waker(), p); }, [&] { p.close(); });
  require(round->granted() || round->failed_with(errc::closed));
  require(all.live() == 0 && p.stats().total == 0);
}
