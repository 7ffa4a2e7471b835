// What the pool adds.
#include "../pool/calls.hpp"

#include <pawl/sync/semaphore.hpp>

using namespace models;

PAWL_MODEL("pool.returned", "who waits is given what comes back",
           bounds{.threads = 3, .note = "1 place, held; a thread waits"}) {
  pool p(maker(), size(1));
  auto held = p.try_acquire();
  together([&] { held->release(); },
           [&] { require(use(p.acquire_blocking()) == count_t{0}, "POOL-NO-LOST-SLOT"); });
}

PAWL_MODEL("pool.failed", "what could not be made leaves its place", bounds{.threads = 1}) {
  bool fails = true;
  const auto make = [&]() -> pawl::result<resource> {
    if (std::exchange(fails, false)) return pawl::failure(errc::exceeds_limit);
    return resource(nullptr);
  };
  pawl::pool<resource, decltype(make)> p(make, size(1));
  require(!p.try_acquire());
  require(p.try_acquire().has_value(), "POOL-CANCEL: the place is lost");
}

PAWL_MODEL("pool.closed", "what comes back after a close is destroyed",
           bounds{.threads = 1, .note = "1 held"}) {
  census all(1);
  pool p(maker{&all}, size(1));
  auto held = p.try_acquire();
  p.close();
  held->release();
  require(all.live() == 0, "POOL-CLOSE: it is kept");
}

PAWL_MODEL("pool.made_late", "what was being made at a close is not given out",
           bounds{.threads = 1, .note = "the factory closes the pool"}) {
  std::function<void()> close;
  const auto make = [&] {
    close();
    return resource(nullptr);
  };
  pawl::pool<resource, decltype(make)> p(make, size(1));
  close = [&] { p.close(); };
  require(failed_with(p.try_acquire(), errc::closed), "POOL-CLOSE: it is given out");
}

PAWL_MODEL("pool.checked_late", "what was being checked at a close is not given out",
           bounds{.threads = 1, .note = "1 idle; its check closes the pool"}) {
  std::function<void()> close;
  const auto check = [&](resource&) {
    close();
    return true;
  };
  pool_config config = size(1);
  config.health_check_on_acquire = true;
  pawl::pool<resource, maker, decltype(check)> p(maker(), check, config);
  p.try_acquire()->release();
  close = [&] { p.close(); };
  require(failed_with(p.acquire_blocking(), errc::closed), "POOL-CLOSE: it is given out");
}

PAWL_MODEL("pool.examined", "what is being checked counts as held",
           bounds{.threads = 2, .note = "1 idle; its check asks for another one"}) {
  std::function<bool()> is_alone = [] { return true; };
  const auto check = [&](resource&) { return is_alone(); };
  pawl::pool<resource, maker, decltype(check)> p(maker(), check, size(1));
  p.try_acquire()->release();
  is_alone = [&] { return failed_with(p.try_acquire(), errc::would_block); };
  const auto examine = [](in_waker, auto& of) -> call {
    const auto round = co_await of.health_check();
    co_return round->evicted;
  };
  require(examine(in_waker(), p).count() == 0, "POOL-CONSERVE: there is a place for another one");
}
