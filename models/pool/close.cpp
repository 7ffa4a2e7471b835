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

// Healthy, as soon as it can be told.
struct slow_check {
  pawl::semaphore& may_go;

  pawl::task<bool> operator()(resource&) const {
    const auto went = co_await may_go.acquire();
    co_return went.has_value();
  }
};
struct slow_function {
  pawl::semaphore& may_go;

  bool operator()(resource&) const { return may_go.acquire_blocking().has_value(); }
};

pool_config checked_size(count_t max_size) {
  pool_config config = size(max_size);
  config.health_check_on_acquire = true;
  return config;
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

PAWL_MODEL("pool.close.checking", "nor is what is being checked",
           bounds{.threads = 4,
                  .note = "1 place, idle; a call checks it, longer than close takes; a try"}) {
  census all(1);
  pawl::semaphore may_go(0);
  pawl::pool<resource, maker, slow_check> p(maker{&all}, slow_check{may_go}, checked_size(1));
  require(use(in_waker(), p).granted());
  const call a = use(in_waker(), p);
  together(
      [&] {
        p.close();
        may_go.release();
      },
      [&] { require(!p.try_acquire()); });
  require(a.failed_with(errc::closed), "POOL-CLOSE");
  require(all.live() == 0 && p.stats().acquisitions == 1);
  require(p.stats().destroyed_for(pawl::destroy_reason::closed) == 1);
}

PAWL_MODEL("pool.close.checking_thread", "nor is what a thread is checking",
           bounds{.threads = 3,
                  .note = "1 place, idle; a thread checks it, longer than close takes"}) {
  census all(1);
  pawl::semaphore may_go(0);
  pawl::pool<resource, maker, slow_function> p(maker{&all}, slow_function{may_go}, checked_size(1));
  p.try_acquire()->release();
  together([&] { require(failed_with(p.acquire_blocking(), errc::closed), "POOL-CLOSE"); },
           [&] {
             p.close();
             may_go.release();
           });
  require(all.live() == 0 && p.stats().acquisitions == 1);
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
