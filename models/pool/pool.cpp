// POOL-CONSERVE: there are never more resources than max_size; POOL-NO-LOST-SLOT: each place is
// used again, whatever became of its resource; POOL-HB: who is given a resource sees what was done
// with it. That one has it at a time, and that the lists are sound, is a matter of data races.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("pool.exclusion", "one call at a time has the resource, and sees all that was done",
           bounds{.threads = 5, .note = "1 place; 2 calls"}) {
  census all(1);
  pool p(maker{&all}, size(1));
  std::optional<call> a, b;
  together([&] { a = use(p); }, [&] { b = use(p); });
  require(a->count() + b->count() == 1 && a->granted() && b->granted());
  require(all.made() == 1 && is_whole(p));
}

PAWL_MODEL("pool.conserve", "there are never more than max_size, though some are discarded",
           bounds{.threads = 3, .note = "2 places; 2 threads: one discards, one returns twice"}) {
  census all(2);
  pool p(maker{&all}, size(2));
  together([&] { p.acquire_blocking()->discard(); },
           [&] {
             p.acquire_blocking()->release();
             p.acquire_blocking()->release();
           });
  const pawl::pool_stats now = p.stats();
  require(all.live() == now.total && now.total == now.idle && now.acquisitions == 3);
  require(now.created == all.made());
  require(now.destroyed_for(pawl::destroy_reason::discarded) == 1 && is_whole(p));
}

PAWL_MODEL("pool.conserve_3", "so it is if more of them come and go",
           bounds{.threads = 4,
                  .note = "1 place, held; 3 threads: it is discarded, one returns, one tries"}) {
  census all(1);
  pool p(maker{&all}, size(1));
  auto held = p.try_acquire();
  together([&] { held->discard(); }, [&] { p.acquire_blocking()->release(); },
           [&] {
             auto tried = p.try_acquire();
             require(tried || failed_with(tried, errc::would_block));
           });
  require(all.live() == p.stats().total && is_whole(p));
}

PAWL_MODEL("pool.no_lost_slot", "who waits gets what comes back, or its place to make another one",
           bounds{.threads = 5,
                  .note = "1 place, held; a call waits; it is returned or discarded; "
                          "another thread tries"}) {
  census all(1);
  pool p(maker{&all}, size(1));
  auto held = p.try_acquire();
  const bool discards = pawl::check::choose(2) == 0;
  const call a = use(p);
  together([&] { discards ? held->discard() : held->release(); },
           [&] {
             auto tried = p.try_acquire();
             require(tried || failed_with(tried, errc::would_block));
           });
  require(a.granted() && is_whole(p));
  require(all.made() == (discards ? 2u : 1u));
}

PAWL_MODEL("pool.fifo", "calls are served in the order in which they came",
           bounds{.threads = 4, .note = "1 place, held; 2 calls wait, and resume in their waker"}) {
  pool p(maker(), size(1));
  auto held = p.try_acquire();
  const call a = use(in_waker(), p);
  const call b = use(in_waker(), p);
  together([&] { held->release(); });
  require(a.count() == 0 && b.count() == 1);
}

PAWL_MODEL("pool.reentry", "a destructor, a factory and a resumed call may call the pool",
           bounds{.threads = 2, .note = "2 places; one is discarded, for which a call waits"}) {
  struct curious {
    std::function<void()> ask;
    curious(std::function<void()> a) : ask(std::move(a)) {}
    curious(curious&&) = default;
    ~curious() {
      if (ask) ask();
    }
  };
  std::function<void()> ask;
  const auto make = [&] {
    ask();
    return curious(ask);
  };
  pawl::pool<curious, decltype(make)> p(make, size(1));
  count_t asked = 0;
  ask = [&] {
    require(failed_with(p.try_acquire(), errc::would_block) && p.stats().total == 1);
    ++asked;
  };
  const auto wait = [](in_waker, auto& from, auto& others) -> call {
    auto given = co_await from.acquire();
    others();
    co_return given ? 1 : 0;
  };
  auto held = p.try_acquire();
  const call a = wait(in_waker(), p, ask);
  held->discard();
  require(a.count() == 1 && asked == 4);
  ask = [] {};
  auto last = p.try_acquire();
  (*last)->ask = nullptr;
}

PAWL_MODEL("pool.destroy", "who has the last resource may destroy the pool",
           bounds{.threads = 4,
                  .note = "1 place, held; a call waits, discards it, and destroys "
                          "the pool"}) {
  std::optional<pool> p(std::in_place, maker(), size(1));
  auto held = p->try_acquire();
  const auto use_up = [](std::optional<pool>& of) -> call {
    auto given = co_await of->acquire();
    given->discard();
    of.reset();
    co_return 1;
  };
  const call a = use_up(p);
  together([&, mine = *std::move(held)]() mutable { mine.release(); });
  require(a.granted() && !p);
}

PAWL_MODEL("pool.metered", "who waits is counted while he waits",
           bounds{.threads = 4, .note = "1 place, held, metered; a call waits; it is returned"}) {
  pool_config metered = size(1);
  metered.metered = true;
  pool p(maker(), metered);
  auto held = p.try_acquire();
  const call a = use(p);
  require(p.stats().waiters == 1 && p.has_waiters());
  together([&] { held->release(); });
  require(a.granted() && p.stats().waiters == 0 && !p.has_waiters());
}
